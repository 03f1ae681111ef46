#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/id.h"
#include "solver/engines/all_pairs/hash_consed.h"

namespace meshproof {

/// Index of a class of ends (see Columns).
using Column = std::uint32_t;

/// No column.
inline constexpr Column kNoColumn = 0xffffffff;

/// The columns from `begin` up to, not including, `end`.
struct ColumnRun {
  Column begin = 0;
  Column end = 0;

  auto operator<=>(const ColumnRun&) const = default;
};

/// A set of columns: sorted runs that neither overlap nor touch.
using ColumnRuns = std::vector<ColumnRun>;

/// The columns as runs; sorts them. O(n log n).
[[nodiscard]] ColumnRuns runs_of(std::vector<Column> columns);
/// Sorts and joins runs that overlap or touch. O(n log n).
[[nodiscard]] ColumnRuns normal_form(ColumnRuns runs);
/// Linear in the runs of both.
[[nodiscard]] ColumnRuns unite(std::span<const ColumnRun> a, std::span<const ColumnRun> b);
[[nodiscard]] ColumnRuns intersect(std::span<const ColumnRun> a, std::span<const ColumnRun> b);
[[nodiscard]] ColumnRuns subtract(std::span<const ColumnRun> a, std::span<const ColumnRun> b);
/// O(log runs).
[[nodiscard]] bool contains(std::span<const ColumnRun> runs, Column column);

/// A set known to ColumnSets: equal sets have equal ids.
using ColumnSetId = Id<struct ColumnSetRuns>;

/// Every set of columns that the engine meets, each once (hash-consed). Append-only; not for
/// several threads at once.
class ColumnSets {
 public:
  ColumnSets();

  /// The set without columns, which always exists.
  static constexpr ColumnSetId kNone{0};

  /// O(runs).
  [[nodiscard]] ColumnSetId intern(std::span<const ColumnRun> runs) {
    return {lists_.intern(runs).first};
  }
  /// Valid until the next intern().
  [[nodiscard]] std::span<const ColumnRun> runs(ColumnSetId id) const {
    return lists_.at(id.value);
  }
  [[nodiscard]] bool contains(ColumnSetId id, Column column) const {
    return meshproof::contains(runs(id), column);
  }
  [[nodiscard]] std::size_t size() const { return lists_.size(); }

 private:
  HashConsedLists<ColumnRun> lists_;
};

}  // namespace meshproof
