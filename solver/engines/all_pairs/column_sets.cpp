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

/// FNV-1a, by words.
std::uint64_t hash_of(std::span<const ColumnRun> runs) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const ColumnRun& run : runs) {
    hash = (hash ^ ((std::uint64_t{run.begin} << 32U) | run.end)) * 0x100000001b3U;
    hash ^= hash >> 29U;
  }
  return hash;
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

ColumnSetId ColumnSets::intern(std::span<const ColumnRun> wanted) {
  const std::uint64_t hash = hash_of(wanted);
  const auto [first, last] = by_hash_.equal_range(hash);
  for (auto known = first; known != last; ++known) {
    if (std::ranges::equal(runs({known->second}), wanted)) return {known->second};
  }
  const auto id = static_cast<std::uint32_t>(extents_.size());
  extents_.push_back({all_.size(), wanted.size()});
  all_.insert(all_.end(), wanted.begin(), wanted.end());
  by_hash_.emplace(hash, id);
  return {id};
}

}  // namespace meshproof
