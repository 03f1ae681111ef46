#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "solver/engines/all_pairs/pair_tables.h"

namespace meshproof {

/// Columns to which a row says the same.
struct RowPiece {
  ColumnRun columns;
  PortsId ports;  ///< never none
};
using RowPieces = std::vector<RowPiece>;

enum class Level : std::uint8_t { Open, Possible };

/// What a row says of some columns, spelled out: pieces that do not overlap, in order.
/// O(terms × runs among these columns).
[[nodiscard]] RowPieces pieces_of(PairTables& tables, std::span<const RowTerm> row, Level level,
                                  ColumnRun within);

/// Walks through the pieces of a row, which it refers to, column by column upwards.
class PieceCursor {
 public:
  explicit PieceCursor(std::span<const RowPiece> pieces) : pieces_(pieces) {}

  /// What the row says from the column on.
  [[nodiscard]] PortsId at(Column column) {
    if (is_behind(column)) ++next_;
    if (is_behind(column)) {
      const auto rest = pieces_.subspan(next_);
      const auto end_of = [](const RowPiece& piece) { return piece.columns.end; };
      next_ += static_cast<std::size_t>(std::ranges::upper_bound(rest, column, {}, end_of) -
                                        rest.begin());
    }
    const bool is_inside = next_ < pieces_.size() && pieces_[next_].columns.begin <= column;
    return is_inside ? pieces_[next_].ports : PortSets::kNone;
  }
  /// Up to where, after at().
  [[nodiscard]] Column end(Column column) const {
    if (next_ >= pieces_.size()) return kNoColumn;
    const ColumnRun& run = pieces_[next_].columns;
    return run.begin <= column ? run.end : run.begin;
  }

 private:
  [[nodiscard]] bool is_behind(Column column) const {
    return next_ < pieces_.size() && pieces_[next_].columns.end <= column;
  }

  std::span<const RowPiece> pieces_;
  std::size_t next_ = 0;
};

}  // namespace meshproof
