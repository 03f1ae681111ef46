#pragma once

#include <cstdint>
#include <vector>

#include "model/snapshot.h"
#include "model/suggestion.h"

namespace meshproof {

struct SuggestOptions {
  /// Z3's measure of work for one question (its rlimit); beyond it a verdict is Undecided.
  std::uint32_t solver_work = 20'000'000;
};

/// The NetworkPolicies that keep flows which a change cuts off, and the proof that they open those
/// and nothing else (SEMANTICS A). Both states are projected with the same network. For each flow:
/// what becomes of it without the policies, and whether they keep it, asked of evaluate() in the
/// state with them. No flows: an empty suggestion. O(pairs of ends × ports that rules tell apart)
/// evaluations, beside the proof and one comparison of the states.
[[nodiscard]] Suggestion suggest(const Snapshot& before, const Snapshot& after,
                                 const std::vector<KeptFlow>& flows,
                                 const SuggestOptions& options = {});

}  // namespace meshproof
