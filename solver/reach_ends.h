#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "model/cluster.h"
#include "model/reachability.h"
#include "solver/engines/all_pairs/columns.h"

/// The ends between which reach() looks: pods in classes that no rule can tell apart, nodes, and
/// blocks of addresses outside. Only the files of reach() include this.
namespace meshproof {

/// A block of addresses outside, asked at one address that no smaller block holds.
struct OutsideBlock {
  Cidr cidr;
  IpAddress sample;
};

/// The blocks of `more`, of all policies and egress firewalls, and everything, as far as they have
/// an address outside of the cluster. Sorted. IPv6 only where something speaks of it, and not where
/// the OpenShift SDN carries none. With `compared`, those of all the clusters, and outside of all.
[[nodiscard]] std::vector<OutsideBlock> outside_blocks(
    const Cluster& cluster, const std::vector<Cidr>& more,
    const std::vector<const Cluster*>& compared = {});

using PodClassId = std::size_t;

/// Pods that every rule treats alike have one class: those of the all-pairs engine, and hostNetwork
/// pods of one namespace by the ends that they are. The node is told apart only in `noded`, which
/// matters where the other end is a host.
class PodClasses {
 public:
  /// O(pods log pods).
  PodClasses(const Cluster& cluster, const Columns& columns);

  [[nodiscard]] PodClassId plain(PodId pod) const { return plain_.at(pod.value); }
  [[nodiscard]] PodClassId noded(PodId pod) const { return noded_.at(pod.value); }

 private:
  std::vector<PodClassId> plain_;
  std::vector<PodClassId> noded_;
};

/// A pod that speaks for its class.
struct ReachMember {
  PodId pod;
  PodClassId plain = 0;
  PodClassId noded = 0;
};

/// One row or column of the result: a workload, a node, or a block of addresses outside.
struct ReachEnd {
  EndpointName name;
  WorkloadId workload;  ///< of a workload
  /// Of a workload: one pod of each class, and a second one where there is one, to be asked about
  /// each other.
  std::vector<ReachMember> members;        ///< by plain class
  std::vector<ReachMember> noded_members;  ///< by noded class
  bool has_hosts = false;                  ///< some of them are hostNetwork pods
  NodeId node;                             ///< of a node
  std::optional<IpAddress> address;        ///< of a block

  [[nodiscard]] bool is_workload() const { return !members.empty(); }
  /// The nodes of pods at the other end count.
  [[nodiscard]] bool is_host() const { return has_hosts || !is_workload(); }
};

}  // namespace meshproof
