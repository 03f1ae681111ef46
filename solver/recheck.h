#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/assertion.h"
#include "model/recheck.h"
#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/engines/quotient.h"

namespace meshproof {

/// What verdicts are about.
struct RecheckedState {
  const Snapshot& snapshot;
  const Snapshot* before = nullptr;  ///< the state before the change, where there is one
  const Assertions& assertions;
};

/// What came out when one verdict was worked out again.
struct RecheckResult {
  Recheck outcome = Recheck::NotAsked;
  std::string words;
  std::uint64_t flows = 0;
  /// Of the flow that shows a disagreement, named as witnesses name them; of a verdict about every
  /// pod that could exist the pods of the input that it speaks of by themselves.
  std::vector<std::string> ends = {};

  [[nodiscard]] bool is_disagreement() const { return outcome == Recheck::Disagrees; }
};

struct RecheckLimits {
  /// Flows that are asked about for one verdict, at most about that many.
  std::uint64_t flows = 200'000;
  /// Finite cases of one question, for verdicts about every pod that could exist.
  std::uint64_t cases = QuotientLimits{}.cases;
  /// Asked in the place of the finite cases about a Holds of every pod that could exist, where
  /// there is one: tests plant a disagreement so. The assertion is null for a built-in statement.
  std::function<RecheckResult(const Snapshot& snapshot, const Verdict& verdict,
                              const Assertion* assertion)>
      unbounded = {};
};

/// Works out verdicts a second time by evaluate() alone (SEMANTICS Q11): each witness is replayed,
/// hypothetical pods being put into a copy of the input; what holds by enumeration is asked again
/// pod by pod without classes, ways of several hops in a graph of all pairs of pods, and what holds
/// of every pod that could exist by the finite cases of SEMANTICS T7 and T8. One for each verdict,
/// in their order. O(verdicts × limits.flows) evaluations.
[[nodiscard]] std::vector<RecheckedVerdict> recheck(const RecheckedState& state,
                                                    const std::vector<Verdict>& verdicts,
                                                    const RecheckLimits& limits = {});

}  // namespace meshproof
