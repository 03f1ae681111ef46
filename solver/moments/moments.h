#pragma once

#include <cstddef>
#include <vector>

#include "model/assertion.h"
#include "model/moments.h"
#include "model/prediction.h"
#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/evidence.h"

namespace meshproof {

/// The writes of a prediction that can change who reaches whom, in stages: one for each phase of
/// the change that has such writes, because the operator comes to rest before the next one
/// (SEMANTICS W2). `in_order`: see Stage. None if there is no such write.
[[nodiscard]] std::vector<Stage> stages_of(const Prediction& prediction, bool in_order = false);

struct MomentOptions {
  /// How many parts of the steps of a pair of projects are looked at; beyond them a rule is
  /// Undecided.
  std::size_t most_parts = 1U << 14U;
  /// The longest paths that NoPivot looks for; at least 2. The default: SEMANTICS W8.
  std::size_t hops = kPivotHops;
  /// judge_prediction() alone: where the questions about pods to come go.
  EvidenceSinks evidence = {};
};

/// Whether the rules hold in every moment while the stages turn the state before into the state
/// after (SEMANTICS W): one verdict for each rule, in the order of MomentRule. A bad moment is the
/// shortest one, replayed by evaluate() on the whole partial state. Stages that do not lead from
/// the one state to the other, and what the input lacks, are Undecided. Without stages there is no
/// moment, and all hold.
[[nodiscard]] std::vector<MomentVerdict> judge_moments(const Snapshot& before,
                                                       const Snapshot& after,
                                                       const std::vector<Stage>& stages,
                                                       const MomentOptions& options = {});

/// What `plan` says of a prediction: that of judge_moments() where nothing waits for effect. Of a
/// bad moment that also happens where each write waits for the effect of those of its project
/// before it, that one is told; of another one, that it takes a write to be seen late.
[[nodiscard]] std::vector<MomentVerdict> judge_prediction(const Snapshot& before,
                                                          const Snapshot& after,
                                                          const std::vector<Stage>& stages,
                                                          const MomentOptions& options = {});

/// builtin:moments, from what judge_prediction() said; null: there is no change.
[[nodiscard]] std::vector<Verdict> moment_verdicts(const std::vector<MomentVerdict>* moments);

/// Whether a deny, allow or isolate holds in every moment between the states, these two included;
/// other kinds are Undecided. A violation tells the moment in `all`.
[[nodiscard]] Finding judge_every_step(const Snapshot& before, const Snapshot& after,
                                       const std::vector<Stage>& stages, const Assertion& assertion,
                                       const MomentOptions& options = {});

}  // namespace meshproof
