#pragma once

#include <cstdint>
#include <vector>

#include "solver/engines/all_pairs/pair_tables.h"

namespace meshproof {

/// For each class of pods a number, equal for classes of which every other end says the same and
/// which say the same of every other end, but for nodes (SEMANTICS H2): those of whole clusters
/// that labels tell apart and rules do not. Where ends have addresses of both families each is by
/// itself. O(classes + for each distinct set of peers what it holds, or what it lacks).
[[nodiscard]] std::vector<std::uint32_t> flow_classes(const PairTables& tables);

}  // namespace meshproof
