#include "solver/slice.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "solver/slice_ends.h"

/// Whole workloads among themselves are left to reach(); what it knows no ends for is asked here.
namespace meshproof {
namespace {

/// Whole workloads are asked by reach() itself, without the ends that are added here.
ReachScope inner_scope(const Slice& slice) {
  ReachScope scope;
  if (slice.from) scope.from = slice.from->workloads;
  if (slice.to) scope.to = slice.to->workloads;
  scope.by_pod = slice.by_pod;
  scope.outside = false;
  scope.nodes = false;
  return scope;
}

bool is_asked(const SliceEnd& src, const SliceEnd& dst, const Slice& slice) {
  using Kind = SliceEnd::Kind;
  if (src.kind == Kind::Workload && dst.kind == Kind::Workload) return false;  // reach() does
  if (src.kind == Kind::Host && dst.kind == Kind::Host) return slice.from && slice.to;
  return true;
}

void ask(SliceEnds& ends, const SliceEnd& src, const SliceEnd& dst, Reachability& result) {
  const EndsAnswer joined = ends.between(src, dst);
  if (!joined.open.is_empty()) result.connections.push_back({src.name, dst.name, joined.open});
  if (joined.unknown.is_empty()) return;
  result.undecided.push_back({src.name, dst.name, joined.unknown_because, joined.unknown});
}

Reachability find(const Cluster& cluster, const Slice& slice) {
  const ReachScope scope = inner_scope(slice);
  Reachability result = reach(cluster, scope);
  SliceEnds ends(cluster, slice.from, slice.to);
  const std::vector<SliceEnd> sources = ends.of(slice.from, false, slice.by_pod);
  const std::vector<SliceEnd> destinations = ends.of(slice.to, true, slice.by_pod);
  for (const SliceEnd& src : sources) {
    for (const SliceEnd& dst : destinations) {
      if (is_asked(src, dst, slice)) ask(ends, src, dst, result);
    }
  }
  const auto by_ends = [](const auto& a, const auto& b) {
    return std::tie(a.src, a.dst) < std::tie(b.src, b.dst);
  };
  std::ranges::sort(result.connections, by_ends);
  std::ranges::sort(result.undecided, by_ends);
  return result;
}

void keep_ports(Reachability& result, const PortSet& ports) {
  if (ports.is_all()) return;
  const PortSet meant = ports.subtract(result.always_dropped);
  for (Connection& each : result.connections) each.ports = each.ports.intersect(meant);
  for (Reachability::Undecided& each : result.undecided) each.ports = each.ports.intersect(meant);
  std::erase_if(result.connections, [](const Connection& each) { return each.ports.is_empty(); });
  std::erase_if(result.undecided, [](const auto& each) { return each.ports.is_empty(); });
  result.always_dropped = result.always_dropped.intersect(ports);
}

/// What a network drops for everybody, as far as it was asked about.
PortSet dropped_of(const Cluster& cluster, const PortSet& ports) {
  if (cluster.network.dialect != Dialect::OpenShiftSdn) return PortSet::none();
  const std::uint16_t vxlan = cluster.network.vxlan_port;
  return PortSet::of(Protocol::Udp, {vxlan, vxlan}).intersect(ports);
}

bool overlap(const Cidr& a, const Cidr& b) { return a.contains(b) || b.contains(a); }

enum class Membership : std::uint8_t { No, Perhaps, Yes };

/// Of a pod in a block.
Membership membership(const Cluster& cluster, const Pod& pod, const Cidr& block) {
  const auto is_inside = [&](const IpAddress& address) { return block.contains(address); };
  if (pod.is_completed()) return Membership::No;
  const std::vector<IpAddress>& addresses =
      pod.host_network && pod.addresses.empty() && pod.node.is_valid()
          ? cluster.at(pod.node).addresses
          : pod.addresses;
  if (!addresses.empty()) {
    return std::ranges::any_of(addresses, is_inside) ? Membership::Yes : Membership::No;
  }
  const std::vector<Cidr>& networks = cluster.network.cluster_networks;
  if (pod.host_network || networks.empty()) {
    return block.prefix() == 0 ? Membership::Yes : Membership::Perhaps;
  }
  const auto holds = [&](const Cidr& network) { return block.contains(network); };
  if (std::ranges::all_of(networks, holds)) return Membership::Yes;
  const auto touches = [&](const Cidr& network) { return overlap(block, network); };
  return std::ranges::any_of(networks, touches) ? Membership::Perhaps : Membership::No;
}

}  // namespace

bool SliceSide::is_empty() const {
  return workloads.empty() && pods.empty() && nodes.empty() && services.empty() && blocks.empty() &&
         addresses.empty();
}

Reachability reach(const Cluster& cluster, const Slice& slice) {
  Reachability result;
  if (!slice.from && !slice.to) {
    ReachScope scope;
    scope.by_pod = slice.by_pod;
    result = reach(cluster, scope);
  } else {
    result = find(cluster, slice);
  }
  keep_ports(result, slice.ports);
  return result;
}

PortSet visit_pairs(const Cluster& cluster, const Slice& slice, const ReachVisitor& visitor) {
  if (slice.from || slice.to) {
    const Reachability found = reach(cluster, slice);
    if (std::ranges::all_of(found.connections, visitor.open)) {
      static_cast<void>(std::ranges::all_of(found.undecided, visitor.undecided));
    }
    return found.always_dropped;
  }
  ReachScope scope;
  scope.by_pod = slice.by_pod;
  PortSet dropped = dropped_of(cluster, slice.ports);
  const bool is_all = slice.ports.is_all();
  const PortSet meant = slice.ports.subtract(dropped);
  Reacher reacher(cluster, scope);
  reacher.run([&](const Reacher::Answer& answer) {
    const PortSet open = is_all ? answer.ports.open : answer.ports.open.intersect(meant);
    const PortSet unknown = is_all ? answer.ports.unknown : answer.ports.unknown.intersect(meant);
    if (!open.is_empty() && !visitor.open({answer.src, answer.dst, open})) return false;
    return unknown.is_empty() ||
           visitor.undecided({answer.src, answer.dst, answer.ports.unknown_because, unknown});
  });
  return dropped;
}

SliceSide side_of(const Cluster& cluster, std::vector<PodId> pods) {
  std::erase_if(pods, [&](PodId id) { return cluster.at(id).is_completed(); });
  const std::set<PodId> meant(pods.begin(), pods.end());
  std::set<WorkloadId> workloads;
  for (const PodId id : meant) workloads.insert(cluster.at(id).workload);
  SliceSide side;
  for (const WorkloadId id : workloads) {
    std::vector<PodId> running = cluster.at(id).pods;
    std::erase_if(running, [&](PodId pod) { return cluster.at(pod).is_completed(); });
    const auto is_meant = [&](PodId pod) { return meant.contains(pod); };
    if (std::ranges::all_of(running, is_meant)) {
      side.workloads.push_back(id);
    } else {
      std::ranges::copy_if(running, std::back_inserter(side.pods), is_meant);
    }
  }
  return side;
}

SliceSide side_at(const Cluster& cluster, const IpAddress& address) {
  SliceSide side;
  const PodId pod = cluster.find_pod_by_address(address);
  if (pod.is_valid() && !cluster.at(pod).is_completed()) return side_of(cluster, {pod});
  for (std::uint32_t i = 0; i < cluster.services.size(); ++i) {
    const auto& ips = cluster.services[i].cluster_ips;
    if (std::ranges::find(ips, address) != ips.end()) {
      side.services = {{i}};
      return side;
    }
  }
  const NodeId node = cluster.find_node_by_address(address);
  if (node.is_valid()) {
    side.nodes = {node};
  } else {
    side.addresses = {address};
  }
  return side;
}

SliceSide side_in(const Cluster& cluster, const Cidr& block) {
  std::vector<PodId> pods;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    if (membership(cluster, cluster.pods[i], block) == Membership::Yes) pods.push_back({i});
  }
  SliceSide side = side_of(cluster, std::move(pods));
  const auto is_inside = [&](const IpAddress& address) { return block.contains(address); };
  for (std::uint32_t i = 0; i < cluster.nodes.size(); ++i) {
    if (std::ranges::any_of(cluster.nodes[i].addresses, is_inside)) side.nodes.push_back({i});
  }
  for (std::uint32_t i = 0; i < cluster.services.size(); ++i) {
    if (std::ranges::any_of(cluster.services[i].cluster_ips, is_inside)) {
      side.services.push_back({i});
    }
  }
  side.blocks = {block};
  return side;
}

std::size_t pods_perhaps_in(const Cluster& cluster, const Cidr& block) {
  return static_cast<std::size_t>(std::ranges::count_if(cluster.pods, [&](const Pod& pod) {
    return membership(cluster, pod, block) == Membership::Perhaps;
  }));
}

}  // namespace meshproof
