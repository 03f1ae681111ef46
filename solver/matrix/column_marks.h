#pragma once

#include <cstdint>
#include <vector>

#include "solver/engines/all_pairs/column_sets.h"
#include "solver/engines/all_pairs/columns.h"
#include "solver/engines/all_pairs/hash_consed.h"

namespace meshproof {

/// Which columns some sets cannot tell apart: those have equal marks. Keeps the columns by
/// reference.
class ColumnMarks {
 public:
  /// From `begin` up to the next run, or to the last column.
  struct Run {
    Column begin = 0;
    std::uint32_t mark = 0;
  };

  /// O(runs of the sets log).
  ColumnMarks(const Columns& columns, const ColumnSets& sets, std::vector<ColumnSetId> of);

  /// The mark of an end, of all its views together. O(log runs).
  [[nodiscard]] std::uint32_t at(Column whole);
  /// Marks of single columns. Never empty; the first begins at 0.
  [[nodiscard]] const std::vector<Run>& runs() const { return runs_; }

 private:
  [[nodiscard]] std::uint32_t single(Column column) const;

  const Columns& columns_;
  std::vector<Run> runs_;
  HashConsedLists<std::uint64_t> views_;  ///< marks of the views of an end
};

}  // namespace meshproof
