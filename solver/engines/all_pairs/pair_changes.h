#pragma once

#include "solver/all_pairs.h"
#include "solver/engines/all_pairs/pair_tables.h"

namespace meshproof {

/// AllPairs::changes_to(): both tables have the same columns, sets and ports. Or they have the same
/// columns of pods and the same ports under two networks; then ports are those that as_shown()
/// shows.
[[nodiscard]] PairChanges find_changes(PairTables& before, PairTables& after);

}  // namespace meshproof
