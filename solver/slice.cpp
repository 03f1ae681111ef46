#include "solver/slice.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "solver/reacher.h"

/// Whole workloads among themselves are left to reach(); what it knows no ends for is asked here.
namespace meshproof {
namespace {

constexpr std::uint16_t kLastPort = 65535;
/// Ids of pods that stand for themselves only begin here.
constexpr std::size_t kEndpoints = std::size_t{1} << 40U;

/// One that is asked, and what may be taken for it: asked ones with one id have the same answers.
struct SliceMember {
  Asked asked;
  std::size_t id = 0;
};

struct SliceEnd {
  enum class Kind : std::uint8_t { Workload, Pod, Service, Host };  ///< Host: a node or an address
  EndpointName name;
  Kind kind = Kind::Workload;
  std::vector<SliceMember> members;
  std::vector<PodId> pods;    ///< all of them that run
  std::set<PodId> endpoints;  ///< of a Service

  [[nodiscard]] bool is_pods() const { return kind == Kind::Workload || kind == Kind::Pod; }
};

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

class Slicer {
 public:
  Slicer(const Cluster& cluster, const Slice& slice)
      : cluster_(cluster),
        slice_(slice),
        scope_(inner_scope(slice)),
        reacher_(cluster, scope_),
        classes_(cluster, blocks_of(cluster)),
        service_samples_(cluster, PortSet::all()) {
    for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
      next_id_ = std::max(next_id_, classes_.noded({i}) + 1);
    }
  }

  [[nodiscard]] Reachability run();

 private:
  using Ends = std::vector<SliceEnd>;

  [[nodiscard]] Ends ends(const std::optional<SliceSide>& side, bool receives);
  void add_pods(Ends& ends, const SliceSide& side) const;
  void add_hosts(Ends& ends, const SliceSide& side);
  void add_services(Ends& ends, const SliceSide& side);
  [[nodiscard]] SliceEnd pod_end(PodId pod) const;
  [[nodiscard]] SliceEnd workload_end(WorkloadId id) const;
  [[nodiscard]] SliceMember member(PodId pod) const { return {{pod}, classes_.noded(pod)}; }
  [[nodiscard]] SliceEnd other_end(EndpointName name, SliceEnd::Kind kind, const Asked& asked);
  [[nodiscard]] bool is_asked(const SliceEnd& src, const SliceEnd& dst) const;
  [[nodiscard]] std::vector<SliceMember> members_towards(const SliceEnd& src,
                                                         const SliceEnd& dst) const;
  void ask(const SliceEnd& src, const SliceEnd& dst, Reachability& result);
  [[nodiscard]] PairAnswer ask(const SliceMember& src, const SliceMember& dst, bool both_pods);
  [[nodiscard]] PairAnswer ask_service(const Asked& src, const Asked& dst);

  const Cluster& cluster_;
  const Slice& slice_;
  const ReachScope scope_;
  Reacher reacher_;
  PodClasses classes_;
  PortSamples service_samples_;
  std::size_t next_id_ = 0;  // beyond those of classes
  std::map<std::pair<std::size_t, std::size_t>, PairAnswer> answers_;
};

SliceSide everybody(const Cluster& cluster) {
  SliceSide side;
  for (std::uint32_t i = 0; i < cluster.workloads.size(); ++i) side.workloads.push_back({i});
  for (std::uint32_t i = 0; i < cluster.nodes.size(); ++i) side.nodes.push_back({i});
  side.blocks = {Cidr::parse("0.0.0.0/0").value(), Cidr::parse("::/0").value()};
  return side;
}

SliceEnd Slicer::pod_end(PodId id) const {
  const Pod& pod = cluster_.at(id);
  const Workload& workload = cluster_.at(pod.workload);
  SliceEnd end;
  end.kind = SliceEnd::Kind::Pod;
  end.name = {cluster_.at(pod.ns).name,
              pod.stand_in ? workload.kind : "Pod",
              pod.stand_in ? workload.name : pod.name,
              {}};
  end.members = {member(id)};
  end.pods = {id};
  return end;
}

/// One pod of each class, and a second one, which the first one is asked about.
SliceEnd Slicer::workload_end(WorkloadId id) const {
  const Workload& workload = cluster_.at(id);
  SliceEnd end;
  end.name = {cluster_.at(workload.ns).name, workload.kind, workload.name, {}};
  std::map<PodClassId, int> seen;
  for (const PodId pod : workload.pods) {
    if (cluster_.at(pod).is_completed()) continue;
    end.pods.push_back(pod);
    if (++seen[classes_.noded(pod)] <= 2) end.members.push_back(member(pod));
  }
  return end;
}

SliceEnd Slicer::other_end(EndpointName name, SliceEnd::Kind kind, const Asked& asked) {
  return {std::move(name), kind, {{asked, next_id_++}}, {}, {}};
}

void Slicer::add_pods(Ends& ends, const SliceSide& side) const {
  for (const WorkloadId id : side.workloads) {
    SliceEnd end = workload_end(id);
    if (!slice_.by_pod) {
      if (!end.members.empty()) ends.push_back(std::move(end));
      continue;
    }
    for (const PodId pod : cluster_.at(id).pods) {
      if (cluster_.at(pod).is_completed()) continue;
      ends.push_back(pod_end(pod));
      ends.back().kind = SliceEnd::Kind::Workload;
    }
  }
  for (const PodId pod : side.pods) ends.push_back(pod_end(pod));
}

void Slicer::add_hosts(Ends& ends, const SliceSide& side) {
  for (const NodeId node : side.nodes) {
    const EndpointName name{{}, "Node", cluster_.at(node).name, {}};
    ends.push_back(other_end(name, SliceEnd::Kind::Host, {IpAddress{}, node}));
  }
  // Everything would bring in a family that nothing else speaks of.
  std::vector<Cidr> borders = side.blocks;
  std::erase_if(borders, [](const Cidr& block) { return block.prefix() == 0; });
  const std::vector<OutsideBlock> outside =
      side.blocks.empty() ? std::vector<OutsideBlock>{} : outside_blocks(cluster_, borders);
  for (const OutsideBlock& block : outside) {
    const bool is_meant = std::ranges::any_of(
        side.blocks, [&](const Cidr& wanted) { return wanted.contains(block.cidr); });
    if (!is_meant) continue;
    const EndpointName name{{}, {}, {}, block.cidr.to_string()};
    ends.push_back(other_end(name, SliceEnd::Kind::Host, {block.sample}));
  }
  for (const IpAddress& address : side.addresses) {
    const EndpointName name{{}, {}, {}, Cidr::of(address, address.width()).to_string()};
    ends.push_back(other_end(name, SliceEnd::Kind::Host, {address}));
  }
}

void Slicer::add_services(Ends& ends, const SliceSide& side) {
  for (const ServiceId id : side.services) {
    const Service& service = cluster_.at(id);
    const EndpointName name{cluster_.at(service.ns).name, "Service", service.name, {}};
    ends.push_back(other_end(name, SliceEnd::Kind::Service, {id}));
    std::set<PodId>& endpoints = ends.back().endpoints;
    for (const ServiceEndpoint& endpoint : service.endpoints) endpoints.insert(endpoint.pod);
    if (service.has_endpoints_object || !service.selector) continue;
    for (const PodId pod : cluster_.at(service.ns).pods) {
      if (matches(*service.selector, cluster_.at(pod).labels)) endpoints.insert(pod);
    }
  }
}

Slicer::Ends Slicer::ends(const std::optional<SliceSide>& side, bool receives) {
  const SliceSide meant = side ? *side : everybody(cluster_);
  Ends result;
  add_pods(result, meant);
  add_hosts(result, meant);
  if (receives) add_services(result, meant);
  return result;
}

bool Slicer::is_asked(const SliceEnd& src, const SliceEnd& dst) const {
  using Kind = SliceEnd::Kind;
  if (src.kind == Kind::Workload && dst.kind == Kind::Workload) return false;  // reach() does
  if (src.kind == Kind::Host && dst.kind == Kind::Host) return slice_.from && slice_.to;
  return true;
}

/// reach() leaves out what a Service does not offer, so its ranges are none of a Service's.
PairAnswer Slicer::ask_service(const Asked& src, const Asked& dst) {
  PairAnswer answer;
  const std::vector<PortSample> samples = service_samples_.between(src.end, dst.end, false);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto& [protocol, port] = samples[i];
    const Decision decision = reacher_.decide(src, dst, protocol, port);
    const bool is_last = i + 1 == samples.size() || samples[i + 1].protocol != protocol;
    const auto to = protocol == Protocol::Icmp ? std::uint16_t{0}
                    : is_last                  ? kLastPort
                              : static_cast<std::uint16_t>(samples[i + 1].port - 1);
    if (decision.is_allowed()) answer.open.add(protocol, {port, to});
    if (decision.access != Access::Unknown) continue;
    answer.unknown.add(protocol, {port, to});
    if (answer.unknown_because.empty()) answer.unknown_because = decision.reasons.front().text;
  }
  return answer;
}

PairAnswer Slicer::ask(const SliceMember& src, const SliceMember& dst, bool both_pods) {
  if (both_pods) return reacher_.ask(src.asked, dst.asked);  // which remembers its answers
  const std::pair key{src.id, dst.id};
  const auto known = answers_.find(key);
  if (known != answers_.end()) return known->second;
  const bool is_service = std::holds_alternative<ServiceId>(dst.asked.end);
  PairAnswer answer =
      is_service ? ask_service(src.asked, dst.asked) : reacher_.ask(src.asked, dst.asked);
  return answers_.emplace(key, std::move(answer)).first->second;
}

/// SEMANTICS S8: to its own Service an endpoint is not what the others of its class are.
std::vector<SliceMember> Slicer::members_towards(const SliceEnd& src, const SliceEnd& dst) const {
  if (dst.endpoints.empty() || !src.is_pods()) return src.members;
  std::vector<SliceMember> result;
  std::set<PodClassId> seen;
  for (const PodId pod : src.pods) {
    if (dst.endpoints.contains(pod)) {
      result.push_back({{pod}, kEndpoints + pod.value});
    } else if (seen.insert(classes_.noded(pod)).second) {
      result.push_back(member(pod));
    }
  }
  return result;
}

void Slicer::ask(const SliceEnd& src, const SliceEnd& dst, Reachability& result) {
  EndsAnswer joined;
  const bool both_pods = src.is_pods() && dst.is_pods();
  for (const SliceMember& from : members_towards(src, dst)) {
    for (const SliceMember& to : dst.members) {
      if (both_pods && from.asked.end == to.asked.end) continue;
      joined.add(ask(from, to, both_pods));
    }
  }
  if (!joined.open.is_empty()) result.connections.push_back({src.name, dst.name, joined.open});
  if (joined.unknown.is_empty()) return;
  result.undecided.push_back({src.name, dst.name, joined.unknown_because, joined.unknown});
}

Reachability Slicer::run() {
  Reachability result = reach(cluster_, scope_);
  const Ends sources = ends(slice_.from, false);
  const Ends destinations = ends(slice_.to, true);
  for (const SliceEnd& src : sources) {
    for (const SliceEnd& dst : destinations) {
      if (is_asked(src, dst)) ask(src, dst, result);
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
    result = Slicer(cluster, slice).run();
  }
  keep_ports(result, slice.ports);
  return result;
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
