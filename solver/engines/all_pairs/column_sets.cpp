#include "solver/engines/all_pairs/column_sets.h"

#include <algorithm>

namespace meshproof {
namespace {

void append(ColumnRuns& runs, ColumnRun run) {
  if (run.begin >= run.end) return;
  if (!runs.empty() && run.begin <= runs.back().end) {
    runs.back().end = std::max(runs.back().end, run.end);
  } else {
    runs.push_back(run);
  }
}

/// The first run that ends behind the column, looked for in growing steps: of two sets one may have
/// few runs and the other very many.
template <typename Iterator>
Iterator first_after(Iterator from, Iterator last, Column column) {
  std::ptrdiff_t step = 1;
  while (step < last - from && from[step].end <= column) {
    from += step;
    step *= 2;
  }
  const Iterator to = step < last - from ? from + step : last;
  return std::ranges::upper_bound(from, to, column, {}, &ColumnRun::end);
}

}  // namespace

ColumnRuns runs_of(std::vector<Column> columns) {
  if (!std::ranges::is_sorted(columns)) std::ranges::sort(columns);
  ColumnRuns runs;
  for (const Column column : columns) append(runs, {column, column + 1});
  return runs;
}

ColumnRuns normal_form(ColumnRuns runs) {
  if (!std::ranges::is_sorted(runs)) std::ranges::sort(runs);
  ColumnRuns result;
  result.reserve(runs.size());
  for (const ColumnRun& run : runs) append(result, run);
  return result;
}

ColumnRuns unite(std::span<const ColumnRun> a, std::span<const ColumnRun> b) {
  ColumnRuns result;
  result.reserve(a.size() + b.size());
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() || right != b.end()) {
    const bool take_left = right == b.end() || (left != a.end() && left->begin < right->begin);
    append(result, take_left ? *left++ : *right++);
  }
  return result;
}

ColumnRuns intersect(std::span<const ColumnRun> a, std::span<const ColumnRun> b) {
  ColumnRuns result;
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() && right != b.end()) {
    if (left->end <= right->begin) {
      left = first_after(left, a.end(), right->begin);
      continue;
    }
    if (right->end <= left->begin) {
      right = first_after(right, b.end(), left->begin);
      continue;
    }
    append(result, {std::max(left->begin, right->begin), std::min(left->end, right->end)});
    if (left->end < right->end) {
      ++left;
    } else {
      ++right;
    }
  }
  return result;
}

ColumnRuns subtract(std::span<const ColumnRun> a, std::span<const ColumnRun> b) {
  ColumnRuns result;
  auto hole = b.begin();
  for (const ColumnRun& run : a) {
    Column from = run.begin;
    while (hole != b.end() && hole->end <= from) ++hole;
    for (auto at = hole; at != b.end() && at->begin < run.end; ++at) {
      append(result, {from, at->begin});
      from = std::max(from, at->end);
    }
    append(result, {from, run.end});
  }
  return result;
}

bool contains(std::span<const ColumnRun> runs, Column column) {
  const auto after = std::ranges::upper_bound(runs, column, {}, &ColumnRun::begin);
  return after != runs.begin() && column < std::prev(after)->end;
}

ColumnSets::ColumnSets() { static_cast<void>(intern({})); }

}  // namespace meshproof
