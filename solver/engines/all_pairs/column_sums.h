#pragma once

#include <cstdint>
#include <vector>

#include "solver/engines/all_pairs/column_sets.h"

namespace meshproof {

/// Numbers by column, summed up over runs in O(1).
class Weights {
 public:
  explicit Weights(Column columns) : by_column_(columns) {}

  void add(Column column, std::uint64_t weight) { by_column_[column] += weight; }
  void sum_up() {
    before_.assign(1, 0);
    for (const std::uint64_t weight : by_column_) before_.push_back(before_.back() + weight);
  }
  [[nodiscard]] std::uint64_t at(Column column) const { return by_column_[column]; }
  [[nodiscard]] std::uint64_t of(ColumnRun run) const {
    return before_[run.end] - before_[run.begin];
  }

 private:
  std::vector<std::uint64_t> by_column_;
  std::vector<std::uint64_t> before_;
};

}  // namespace meshproof
