#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/reachability.h"
#include "model/snapshot.h"
#include "model/use.h"
#include "model/verdict.h"

namespace meshproof {

/// What became of uses.
struct JudgedUses {
  UseChanges changes;
  /// One flow of `changes.lost`, in the state in which it is closed, with the count of all pairs.
  std::optional<Violated> witness;
  std::vector<std::string> unreachable;  ///< uses that are closed in both states: their words
  std::vector<std::string> undecided;    ///< uses that could not be decided: words and reason
  std::vector<std::string> unjudged;     ///< as of the uses
};

/// Whether the uses of the state before are as reachable in the state after, flow by flow: each
/// source and target that was open before, on each port (SEMANTICS E9). `change` is what compare()
/// says of the states: uses with no target that it names are as they were and are not asked about.
/// What the states may lack by their coverage is not known (SEMANTICS C3–C5).
/// O(uses + flows of those that it names, by classes of pods that rules can tell apart).
[[nodiscard]] JudgedUses judge_uses(const Snapshot& before, const Snapshot& after, const Uses& uses,
                                    const ReachabilityChange& change);

/// Whether the uses of a state are reachable in it. What is closed is in `changes.lost`. The state
/// is a marked one (lacking.h), or its coverage is silent.
[[nodiscard]] JudgedUses judge_uses(const Snapshot& state, const Uses& uses);

}  // namespace meshproof
