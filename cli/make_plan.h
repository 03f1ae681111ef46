#pragma once

#include "cli/session.h"
#include "model/assertion.h"
#include "model/observed_flow.h"
#include "model/plan.h"
#include "model/prediction.h"
#include "model/snapshot.h"
#include "solver/evidence.h"

namespace meshproof {

/// Everything that `plan` shows but for the verdicts: compares who reaches whom, and finds Routes
/// that stop, what stays as it is and the way back.
[[nodiscard]] Plan make_plan(Session& session, const Snapshot& before, const Snapshot& after,
                             Prediction prediction);

/// What a plan is judged by.
struct Judged {
  const Snapshot& before;
  const Snapshot& after;
  const Assertions& assertions;
  const ObservedFlows& flows;
  const EvidenceSinks& evidence;
};

/// Adds what is used and changes, and the verdicts. Tells flows whose ends the input lacks
/// (`unknown-flow-ends`).
void judge_plan(Session& session, const Judged& judged, Plan& plan);

}  // namespace meshproof
