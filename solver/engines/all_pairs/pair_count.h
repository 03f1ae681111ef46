#pragma once

#include <optional>
#include <vector>

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

/// Ordered pairs of different pods with a port open (or possibly open).
struct RowCounts {
  std::uint64_t pod_pairs = 0;   ///< both of the pod network
  std::uint64_t host_pairs = 0;  ///< one of the pod network, one of a node's
};

/// Counts by rows: all receivers with one row at once, and of their senders those that nothing
/// limits at once too; only where both ends are limited are classes compared. The network must be
/// understood and nothing tell the families of an end apart.
[[nodiscard]] RowCounts count_by_rows(PairTables& tables, const CountedPods& pods, Level level,
                                      std::optional<std::uint64_t> known_pod_pairs = {});

}  // namespace meshproof
