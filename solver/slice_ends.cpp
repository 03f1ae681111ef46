#include "solver/slice_ends.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace meshproof {
namespace {

constexpr std::uint16_t kLastPort = 65535;
/// Ids of pods that stand for themselves only begin here.
constexpr std::size_t kEndpoints = std::size_t{1} << 40U;

SliceSide everybody(const Cluster& cluster) {
  SliceSide side;
  for (std::uint32_t i = 0; i < cluster.workloads.size(); ++i) side.workloads.push_back({i});
  for (std::uint32_t i = 0; i < cluster.nodes.size(); ++i) side.nodes.push_back({i});
  side.blocks = {Cidr::parse("0.0.0.0/0").value(), Cidr::parse("::/0").value()};
  return side;
}

}  // namespace

SliceEnds::SliceEnds(const Cluster& cluster, const ReachScope& scope)
    : cluster_(cluster),
      reacher_(cluster, scope),
      classes_(cluster, reacher_.columns()),
      service_samples_(cluster, PortSet::all()) {
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    next_id_ = std::max(next_id_, classes_.noded({i}) + 1);
  }
}

SliceEnd SliceEnds::pod_end(PodId id) const {
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
SliceEnd SliceEnds::workload_end(WorkloadId id) const {
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

SliceEnd SliceEnds::other_end(EndpointName name, SliceEnd::Kind kind, const Asked& asked) {
  return {std::move(name), kind, {{asked, next_id_++}}, {}, {}};
}

void SliceEnds::add_pods(Ends& ends, const SliceSide& side, bool by_pod) const {
  for (const WorkloadId id : side.workloads) {
    SliceEnd end = workload_end(id);
    if (!by_pod) {
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

void SliceEnds::add_hosts(Ends& ends, const SliceSide& side) {
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

void SliceEnds::add_services(Ends& ends, const SliceSide& side) {
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

std::vector<SliceEnd> SliceEnds::of(const std::optional<SliceSide>& side, bool receives,
                                    bool by_pod) {
  const SliceSide meant = side ? *side : everybody(cluster_);
  Ends result;
  add_pods(result, meant, by_pod);
  add_hosts(result, meant);
  if (receives) add_services(result, meant);
  return result;
}

/// reach() leaves out what a Service does not offer, so its ranges are none of a Service's.
PairAnswer SliceEnds::ask_service(const Asked& src, const Asked& dst) {
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

PairAnswer SliceEnds::ask(const SliceMember& src, const SliceMember& dst) {
  const auto is_pod = [](const SliceMember& each) {
    return !each.asked.node.is_valid() && std::holds_alternative<PodId>(each.asked.end);
  };
  if (is_pod(src) && is_pod(dst))
    return reacher_.ask(src.asked, dst.asked);
  const std::pair key{src.id, dst.id};
  const auto known = answers_.find(key);
  if (known != answers_.end()) return known->second;
  const bool is_service = std::holds_alternative<ServiceId>(dst.asked.end);
  PairAnswer answer =
      is_service ? ask_service(src.asked, dst.asked) : reacher_.ask(src.asked, dst.asked);
  return answers_.emplace(key, std::move(answer)).first->second;
}

/// SEMANTICS S8: to its own Service an endpoint is not what the others of its class are.
std::vector<SliceMember> SliceEnds::members_towards(const SliceEnd& src,
                                                    const SliceEnd& dst) const {
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

}  // namespace meshproof
