#pragma once

#include "cli/session.h"
#include "model/execution.h"
#include "model/plan.h"
#include "model/prediction.h"
#include "model/snapshot.h"

namespace meshproof {

/// What a plan was made of.
struct PlannedStates {
  const Snapshot& input;  ///< as given: what the plan rests on
  const Snapshot& before;
  const Snapshot& after;
  const PredictOptions& told;
};

/// The plan as it is to be carried out: the safe order if one was found, else the change as it is;
/// with digests of the inputs, what it rests on, and what speaks against it. Costs the prediction
/// of the way back where there is no safe order, and a digest of the input's files.
[[nodiscard]] Execution execution_of(Session& session, const PlannedStates& states,
                                     const Plan& plan);

}  // namespace meshproof
