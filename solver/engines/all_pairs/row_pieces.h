#pragma once

#include <vector>

#include "solver/engines/all_pairs/pair_tables.h"

namespace meshproof {

/// Columns to which a row says the same.
struct RowPiece {
  ColumnRun columns;
  PortsId ports;  ///< never none
};

enum class Level : std::uint8_t { Open, Possible };

/// A row spelled out: pieces that do not overlap, in order. O(terms × runs).
[[nodiscard]] std::vector<RowPiece> pieces_of(PairTables& tables, RowId row, Level level);

}  // namespace meshproof
