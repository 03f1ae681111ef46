#pragma once

#include "solver/all_pairs.h"
#include "solver/engines/all_pairs/pair_tables.h"
#include "solver/engines/all_pairs/row_pieces.h"

namespace meshproof {

/// AllPairs::summarize(). Every pair of classes is looked at only where an ipBlock or a firewall
/// may tell the two families of one end apart.
[[nodiscard]] ReachSummary count_pairs(PairTables& tables);

/// True if some set of peers, or a firewall, may hold one view of an end and not another.
[[nodiscard]] bool tells_families_apart(const PairTables& tables);

/// The pods that pairs are counted of.
struct CountedPods {
  std::vector<PodId> hosts;        ///< of their nodes' network
  std::vector<std::uint64_t> all;  ///< by column of the pod network, views of one family 0
  std::uint64_t on_network = 0;    ///< sum of `all`
};

/// Ordered pairs of different pods, at least one of them on the pod network, with a port open (or
/// possibly open). Both count by rows: all receivers with one row at once, and of their senders
/// those that nothing limits at once too; only where both ends are limited are classes compared.
/// The network must be understood and no ipBlock tell the families of a pod apart.
[[nodiscard]] std::uint64_t count_by_rows(PairTables& tables, const CountedPods& pods, Level level);

}  // namespace meshproof
