#pragma once

#include "cli/session.h"
#include "model/plan.h"
#include "model/prediction.h"
#include "model/snapshot.h"

namespace meshproof {

/// Everything that `plan` shows but for the verdicts: compares who reaches whom, and finds Routes
/// that stop, what stays as it is and the way back.
[[nodiscard]] Plan make_plan(Session& session, const Snapshot& before, const Snapshot& after,
                             Prediction prediction);

/// Writes --state-out, --out (always the JSON contract) and the result; returns the exit code.
[[nodiscard]] ExitCode write_plan(Session& session, const Plan& plan, const Writing& shown);

}  // namespace meshproof
