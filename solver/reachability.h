#pragma once

#include <optional>
#include <vector>

#include "model/cluster.h"
#include "model/reachability.h"
#include "model/snapshot.h"

namespace meshproof {

/// Which part of a cluster to look at.
struct ReachScope {
  std::optional<std::vector<WorkloadId>> from;  ///< empty: every workload
  std::optional<std::vector<WorkloadId>> to;
  bool outside = true;  ///< addresses outside, as sources and destinations
  bool nodes = true;    ///< the nodes, as sources and destinations
  bool by_pod = false;  ///< each pod an end of its own, of kind `Pod`, instead of each workload
  /// States that are compared: blocks are those of all of them, and outside of all.
  std::vector<const Cluster*> compared = {};
  /// Addresses outside that are no ends of the result, but will be asked about one by one.
  std::vector<IpAddress> addresses = {};
};

/// Who reaches whom, by workload. Pods that are pending count as running, completed ones not at
/// all. An address block stands for its addresses that no smaller block of the result holds and
/// that are not the cluster's. Pairs of nodes and outside are left out. Exact: every port that
/// evaluate() allows is in the result and no other, but for `always_dropped`.
[[nodiscard]] Reachability reach(const Cluster& cluster, const ReachScope& scope = {});

/// What became reachable and what stopped. It explains each connection, when asked, by the reasons
/// of one flow in the state after (what has gone together with its workload, by a sentence that
/// says so), so both states must outlive it. Where only rules differ (changed_rules.h), the state
/// after is a what-if of the state before, what changed is told class by class, and what is
/// undecided in both states alike only where a rule differs; O(classes + what differs). Else every
/// pair of ends is asked: O(ends² × classes of both × rules).
[[nodiscard]] ReachabilityChange compare(const Cluster& before, const Cluster& after);

/// The same; pairs that are asked are only those that the objects that differ can have touched
/// (touched.h).
[[nodiscard]] ReachabilityChange compare(const Snapshot& before, const Snapshot& after);

ReachabilityChange compare(const Cluster& before, const Cluster&& after) = delete;
ReachabilityChange compare(const Cluster&& before, const Cluster& after) = delete;
ReachabilityChange compare(const Cluster&& before, const Cluster&& after) = delete;

}  // namespace meshproof
