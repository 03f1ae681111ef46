#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/assertion.h"
#include "model/recheck.h"
#include "model/snapshot.h"
#include "model/verdict.h"

namespace meshproof {

/// What verdicts are about.
struct RecheckedState {
  const Snapshot& snapshot;
  const Snapshot* before = nullptr;  ///< the state before the change, where there is one
  const Assertions& assertions;
};

struct RecheckLimits {
  /// Flows that are asked about for one verdict, at most about that many.
  std::uint64_t flows = 200'000;
  /// Works out a Holds about every pod that could exist a second time, by the finite cases of
  /// SEMANTICS T7 and T8: what contradicts it, or nothing. Not asked where there is none.
  std::function<std::optional<std::string>(const Snapshot& snapshot, const Verdict& verdict)>
      unbounded = {};
};

/// Works out verdicts a second time by evaluate() alone (SEMANTICS Q11): each witness is replayed,
/// hypothetical pods being put into a copy of the input; what holds by enumeration is asked again
/// pod by pod without classes, and ways of several hops in a graph of all pairs of pods. One for
/// each verdict, in their order. O(verdicts × limits.flows) evaluations.
[[nodiscard]] std::vector<RecheckedVerdict> recheck(const RecheckedState& state,
                                                    const std::vector<Verdict>& verdicts,
                                                    const RecheckLimits& limits = {});

}  // namespace meshproof
