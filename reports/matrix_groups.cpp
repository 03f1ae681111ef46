#include "reports/matrix_groups.h"

#include <fmt/format.h>

namespace meshproof {
namespace {

bool has_traffic(const MatrixEnd& end) { return end.is_outside || end.pods > 0; }

/// How many ends of each group lie before each place.
class GroupCounts {
 public:
  explicit GroupCounts(const ReportedMatrix& matrix)
      : before_(matrix.groups.size(),
                std::vector<std::uint32_t>(matrix.matrix.ends.size() + 1, 0)) {
    const auto& ends = matrix.matrix.ends;
    for (std::size_t group = 0; group < before_.size(); ++group) {
      for (std::size_t i = 0; i < ends.size(); ++i) {
        const bool is_one = matrix.group_of[i] == group && has_traffic(ends[i]);
        before_[group][i + 1] = before_[group][i] + (is_one ? 1 : 0);
      }
    }
  }

  [[nodiscard]] std::uint64_t between(std::size_t group, std::size_t from, std::size_t to) const {
    return before_[group][to] - before_[group][from];
  }

 private:
  std::vector<std::vector<std::uint32_t>> before_;
};

void add(GroupCell& cell, const MatrixCell& what, std::uint64_t pairs) {
  cell.pairs += pairs;
  if (!what.some.is_empty()) {
    cell.open += pairs;
  } else if (!what.unknown.is_empty()) {
    cell.unknown += pairs;
  }
}

}  // namespace

std::vector<std::vector<GroupCell>> group_cells(const ReportedMatrix& matrix) {
  const NamespaceMatrix& all = matrix.matrix;
  const std::size_t groups = matrix.groups.size();
  const GroupCounts counts(matrix);
  std::vector<std::vector<GroupCell>> result(groups, std::vector<GroupCell>(groups));
  for (std::size_t dst = 0; dst < all.ends.size(); ++dst) {
    if (!has_traffic(all.ends[dst])) continue;
    const MatrixRow& row = all.rows[all.cells_of[dst]];
    for (std::size_t run = 0; run < row.size(); ++run) {
      const std::size_t from = row[run].begin;
      const std::size_t to = run + 1 < row.size() ? row[run + 1].begin : all.ends.size();
      for (std::size_t group = 0; group < groups; ++group) {
        std::uint64_t pairs = counts.between(group, from, to);
        const bool has_itself = group == matrix.group_of[dst] && from <= dst && dst < to;
        if (has_itself) --pairs;
        add(result[group][matrix.group_of[dst]], all.cells[row[run].value], pairs);
      }
    }
  }
  return result;
}

std::string group_cell_words(const GroupCell& cell) {
  if (cell.pairs == 0) return "no pair";
  std::string words = cell.open == 0    ? "closed"
                      : cell.pairs == 1 ? "open"
                      : cell.open == cell.pairs
                          ? fmt::format("all {} open", cell.pairs)
                          : fmt::format("{} of {} open", cell.open, cell.pairs);
  if (cell.unknown > 0) words += fmt::format(", {} not known", cell.unknown);
  return words;
}

std::string matrix_cell_words(const MatrixCell& cell) {
  const std::string unknown =
      cell.unknown.is_empty() ? "" : "not known: " + to_string(cell.unknown);
  if (cell.some.is_empty()) return unknown.empty() ? "closed" : unknown;
  std::string words = to_string(cell.some);
  if (cell.every != cell.some) {
    words = cell.every.is_empty() ? "between some pods: " + words
                                  : fmt::format("{}, between some pods: {}", to_string(cell.every),
                                                to_string(cell.some.subtract(cell.every)));
  }
  return unknown.empty() ? words : words + "; " + unknown;
}

}  // namespace meshproof
