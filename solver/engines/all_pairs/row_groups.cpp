#include "solver/engines/all_pairs/row_groups.h"

#include <algorithm>

namespace meshproof {
namespace {

bool is_unlimited(std::span<const RowTerm> row, Level level) {
  return std::ranges::any_of(row, [&](const RowTerm& term) {
    const bool is_everybody =
        term.peer == PeerSets::kEverybody ||
        (level == Level::Possible && term.peer == PeerSets::kPerhapsEverybody);
    return is_everybody && term.ports == PortSets::kAll;
  });
}

}  // namespace

RowGroups::RowGroups(const PairTables& tables, Direction direction,
                     const std::vector<std::uint64_t>& pods, Level level)
    : is_limited_(pods.size()) {
  const Rows& rows = tables.rows;
  std::vector<std::size_t> ends(rows.size() + 1);
  for (Column column = 0; column < pods.size(); ++column) {
    if (pods[column] > 0) ++ends[rows.of(column, direction).value + 1];
  }
  for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
  classes_.resize(ends.back());
  for (Column column = 0; column < pods.size(); ++column) {
    if (pods[column] > 0) classes_[ends[rows.of(column, direction).value]++] = column;
  }
  std::size_t begin = 0;
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    if (ends[i] == begin) continue;
    RowGroup group;
    group.row = {i};
    group.classes = std::span(classes_).subspan(begin, ends[i] - begin);
    group.is_limited = !is_unlimited(rows.at(group.row), level);
    for (const Column column : group.classes) {
      group.pods += pods[column];
      is_limited_[column] = group.is_limited;
    }
    groups_.push_back(group);
    begin = ends[i];
  }
}

}  // namespace meshproof
