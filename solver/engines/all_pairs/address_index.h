#pragma once

#include <utility>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/all_pairs/certainty.h"
#include "solver/engines/all_pairs/column_sets.h"
#include "solver/engines/all_pairs/columns.h"

namespace meshproof {

struct TwoRuns;

/// Which ends have an address in a block (SEMANTICS P8, P9). Keeps what it is given by reference.
class AddressIndex {
 public:
  /// O(columns log).
  AddressIndex(const Cluster& cluster, const Columns& columns);

  /// O(log addresses + those inside the block).
  [[nodiscard]] TwoRuns inside(const IpBlock& block) const;

  /// The same for one end. O(its addresses).
  [[nodiscard]] Certainty holds(const IpBlock& block, Column column) const;

 private:
  [[nodiscard]] Certainty may_hold(const IpBlock& block, Column column) const;
  [[nodiscard]] bool is_somebody_elses(const Cidr& block, NodeId node) const;

  const Cluster& cluster_;
  const Columns& columns_;
  std::vector<std::pair<IpAddress, Column>> known_;  // sorted
  std::vector<Column> hosts_without_;                // columns without an address
  ColumnRuns pods_without_;
};

}  // namespace meshproof
