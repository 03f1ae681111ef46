#pragma once

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/session.h"

namespace meshproof {

/// Runs the command for each of --cluster, one after another and each as if it were alone, and
/// writes their results as one: tables below each other with a heading, or one JSON object. A
/// cluster whose input is wrong does not keep the others from being judged. Returns the gravest of
/// their codes.
[[nodiscard]] ExitCode run_fleet(const Command& command, Session& session);

}  // namespace meshproof
