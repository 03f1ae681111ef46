#pragma once

#include "cli/session.h"
#include "model/change.h"
#include "model/plan.h"
#include "model/prediction.h"
#include "model/snapshot.h"

namespace meshproof {

/// What a safe order is looked for of.
struct OrderedChange {
  const Snapshot& before;
  const Snapshot& after;
  const Change& change;
  const PredictOptions& told;  ///< by which the plan's prediction was made
};

/// Adds the order in which the change is safe (--safe), or why there is none.
void add_safe_order(Session& session, const OrderedChange& ordered, Plan& plan);

}  // namespace meshproof
