#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "model/cluster.h"
#include "model/reachability.h"

namespace meshproof {

/// The ends on one side of a question about a part of the cluster.
struct SliceSide {
  std::vector<WorkloadId> workloads;  ///< with all of their running pods as one end
  std::vector<PodId> pods;            ///< each an end of its own, of kind `Pod`
  std::vector<NodeId> nodes;
  std::vector<ServiceId> services;  ///< as destinations only; of kind `Service`
  /// What lies outside of the cluster in these, cut at the borders of policies and firewalls.
  std::vector<Cidr> blocks;
  std::vector<IpAddress> addresses;  ///< each an end of its own, whatever it is

  [[nodiscard]] bool is_empty() const;
};

/// A part of all pairs.
struct Slice {
  std::optional<SliceSide> from;  ///< empty: every workload, node and block outside
  std::optional<SliceSide> to;
  PortSet ports = PortSet::all();  ///< only these are in the result
  bool by_pod = false;             ///< each pod of a workload an end of its own
};

/// Who reaches whom in a part of the cluster: what reach() says of the cluster (reachability.h), as
/// far as it lies in the slice, and beside it Services, single pods and addresses. Pairs of which
/// neither end is a pod or a Service are left out unless both sides were given; a pod and itself
/// always. With `ports`, those that are dropped for everybody are in no connection.
/// O(pairs of classes of pods in it × port ranges) evaluations.
[[nodiscard]] Reachability reach(const Cluster& cluster, const Slice& slice);

/// Takes what reach() finds, pair by pair; false: enough.
struct ReachVisitor {
  std::function<bool(const Connection&)> open;
  std::function<bool(const Reachability::Undecided&)> undecided;
};

/// The same as reach(), in order of (src, dst), without keeping all pairs of a slice that has no
/// sides, which may be many. Gives what is dropped for everybody.
PortSet visit_pairs(const Cluster& cluster, const Slice& slice, const ReachVisitor& visitor);

/// Who is at an address: the running pod or the node that has it, the Service whose cluster IP it
/// is, else the address itself. O(pods + Services + nodes).
[[nodiscard]] SliceSide side_at(const Cluster& cluster, const IpAddress& address);

/// Who is in a block: running pods, nodes and Services with an address in it, and what lies outside
/// of the cluster in it. Workloads that lie in it with every pod are one end. Pods whose address is
/// not known are in it if the whole pod network is. O(pods + Services + nodes).
[[nodiscard]] SliceSide side_in(const Cluster& cluster, const Cidr& block);

/// The pods as an end of a question: workloads as such where every running pod of them is meant,
/// the others each by itself. Completed pods are dropped. O(pods log).
[[nodiscard]] SliceSide side_of(const Cluster& cluster, std::vector<PodId> pods);

/// How many pods may lie in the block or not, because their address is not known. O(pods).
[[nodiscard]] std::size_t pods_perhaps_in(const Cluster& cluster, const Cidr& block);

}  // namespace meshproof
