#pragma once

#include <memory>
#include <optional>

#include "cli/evidence_files.h"
#include "cli/session.h"
#include "model/assertion.h"
#include "model/change.h"
#include "model/execution.h"
#include "model/plan.h"
#include "model/prediction.h"
#include "model/snapshot.h"

namespace meshproof {

/// A plan with the states that it compares, by which it explains what changed.
struct PlannedChange {
  std::unique_ptr<const Snapshot> before;
  std::unique_ptr<const Snapshot> after;
  Plan plan;
  Assertions assertions;
  std::optional<Execution> execution = {};  ///< where a file of it is wanted (--out)
};

/// What an edit makes of the state given.
struct PredictedChange {
  std::unique_ptr<const Snapshot> before;  ///< with the meshes installed that it only declares
  std::unique_ptr<const Snapshot> after;
  Prediction prediction;
};

/// Plays the change, and tells what there is to say of it. Empty after an error.
[[nodiscard]] std::optional<PredictedChange> predict_change(Session& session, const Snapshot& input,
                                                            const Change& change);

/// The whole pipeline of `plan`, from files to verdicts, without any output but the evidence, which
/// is opened when all inputs are good. Null: none is kept. `for_apply`: also how the plan is to be
/// carried out. Empty after an error in the session's diagnostics.
[[nodiscard]] std::optional<PlannedChange> plan_change(Session& session,
                                                       EvidenceFiles* evidence = nullptr,
                                                       bool for_apply = false);

}  // namespace meshproof
