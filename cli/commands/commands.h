#pragma once

#include "cli/exit_code.h"

namespace meshproof {

class Session;

/// The commands, each in the file of its name. They read the session's options, write their result
/// through it and return the exit code.
[[nodiscard]] ExitCode run_plan(Session& session);
[[nodiscard]] ExitCode run_plan_wait(Session& session);
[[nodiscard]] ExitCode run_apply(Session& session);
[[nodiscard]] ExitCode run_verify(Session& session);
[[nodiscard]] ExitCode run_diff(Session& session);
[[nodiscard]] ExitCode run_reach(Session& session);
[[nodiscard]] ExitCode run_explain(Session& session);
[[nodiscard]] ExitCode run_paths(Session& session);
[[nodiscard]] ExitCode run_probe(Session& session);
[[nodiscard]] ExitCode run_suggest(Session& session);
[[nodiscard]] ExitCode run_drift(Session& session);
[[nodiscard]] ExitCode run_report(Session& session);
[[nodiscard]] ExitCode run_lint(Session& session);
[[nodiscard]] ExitCode run_generate(Session& session);
[[nodiscard]] ExitCode run_snapshot(Session& session);
[[nodiscard]] ExitCode run_scenario(Session& session);
[[nodiscard]] ExitCode run_completion(Session& session);
[[nodiscard]] ExitCode run_man(Session& session);

}  // namespace meshproof
