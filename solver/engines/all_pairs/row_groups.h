#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "solver/engines/all_pairs/pair_tables.h"
#include "solver/engines/all_pairs/row_pieces.h"

namespace meshproof {

/// The classes with one row.
struct RowGroup {
  RowId row;
  std::span<const Column> classes;  ///< sorted
  std::uint64_t pods = 0;
  bool is_limited = false;  ///< the row does not say that everybody is admitted on all ports
};

/// Classes of pods by their row of one direction.
class RowGroups {
 public:
  /// `pods` are those that count, by class. O(classes + rows).
  RowGroups(const PairTables& tables, Direction direction, const std::vector<std::uint64_t>& pods,
            Level level);
  RowGroups(const RowGroups&) = delete;
  RowGroups& operator=(const RowGroups&) = delete;

  [[nodiscard]] const std::vector<RowGroup>& all() const { return groups_; }
  /// By class: it counts, and its row is limited.
  [[nodiscard]] const std::vector<bool>& is_limited() const { return is_limited_; }

 private:
  std::vector<Column> classes_;
  std::vector<RowGroup> groups_;
  std::vector<bool> is_limited_;
};

}  // namespace meshproof
