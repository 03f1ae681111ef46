#include "solver/matrix/column_marks.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace meshproof {
namespace {

constexpr std::size_t kBits = 64;

/// Where a set begins to hold columns, or ceases to.
struct Border {
  Column column = 0;
  std::size_t set = 0;
};

}  // namespace

ColumnMarks::ColumnMarks(const Columns& columns, const ColumnSets& sets,
                         std::vector<ColumnSetId> of)
    : columns_(columns) {
  std::ranges::sort(of);
  const auto repeated = std::ranges::unique(of);
  of.erase(repeated.begin(), repeated.end());
  std::vector<Border> borders;
  for (std::size_t i = 0; i < of.size(); ++i) {
    for (const ColumnRun& run : sets.runs(of[i])) {
      borders.push_back({run.begin, i});
      if (run.end < columns.size()) borders.push_back({run.end, i});
    }
  }
  std::ranges::sort(borders, {}, &Border::column);
  HashConsedLists<std::uint64_t> known;
  std::vector<std::uint64_t> inside((of.size() + kBits - 1) / kBits);
  std::size_t next = 0;
  Column column = 0;
  do {
    for (; next < borders.size() && borders[next].column == column; ++next) {
      const std::size_t set = borders[next].set;
      inside[set / kBits] ^= std::uint64_t{1} << (set % kBits);
    }
    runs_.push_back({column, known.intern(inside).first});
    if (next == borders.size()) break;
    column = borders[next].column;
  } while (true);
}

std::uint32_t ColumnMarks::single(Column column) const {
  const auto after = std::ranges::upper_bound(runs_, column, {}, &Run::begin);
  return std::prev(after)->mark;
}

std::uint32_t ColumnMarks::at(Column whole) {
  if (!columns_.has_both_families()) return single(whole);
  const std::array<std::uint64_t, 3> views{single(whole), single(columns_.narrowed(whole, true)),
                                           single(columns_.narrowed(whole, false))};
  return views_.intern(views).first;
}

}  // namespace meshproof
