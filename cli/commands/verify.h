#pragma once

#include "cli/exit_code.h"
#include "solver/recheck.h"
#include "solver/verify.h"

namespace meshproof {

class Session;

/// What no option of `verify` says.
struct VerifySeams {
  VerifyOptions verify = {};  ///< without sinks of evidence: those are the session's
  RecheckLimits recheck = {};
};

/// `verify` with deciders of a test's own: how one plants a disagreement of engines.
[[nodiscard]] ExitCode verify_with(Session& session, VerifySeams seams);

}  // namespace meshproof
