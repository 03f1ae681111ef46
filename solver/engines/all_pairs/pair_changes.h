#pragma once

#include "solver/all_pairs.h"
#include "solver/engines/all_pairs/pair_tables.h"

namespace meshproof {

/// AllPairs::changes_to(): both tables have the same columns, sets and ports.
[[nodiscard]] PairChanges find_changes(PairTables& before, PairTables& after);

}  // namespace meshproof
