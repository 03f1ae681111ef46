#include "solver/slice_ends.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "solver/engines/all_pairs/flow_classes.h"

namespace meshproof {
namespace {

/// Ids of pods that stand for themselves only begin here.
constexpr std::size_t kEndpoints = std::size_t{1} << 40U;
/// Ids of classes in which pods of all nodes are alike.
constexpr std::size_t kPlain = std::size_t{1} << 39U;

SliceSide everybody(const Cluster& cluster) {
  SliceSide side;
  for (std::uint32_t i = 0; i < cluster.workloads.size(); ++i) side.workloads.push_back({i});
  for (std::uint32_t i = 0; i < cluster.nodes.size(); ++i) side.nodes.push_back({i});
  side.blocks = {Cidr::of(IpAddress::v4(0), 0), Cidr::of(IpAddress::of_bytes({}, false), 0)};
  return side;
}

std::vector<std::size_t> ids_of(const std::vector<SliceMember>& members) {
  std::vector<std::size_t> ids;
  for (const SliceMember& member : members) ids.push_back(member.id);
  std::ranges::sort(ids);
  return ids;
}

}  // namespace

std::vector<OutsideBlock> outside_of(const Cluster& cluster, const std::optional<SliceSide>& side) {
  if (!side) return outside_blocks(cluster, {});
  if (side->blocks.empty()) return {};
  // Everything would bring in a family that nothing else speaks of.
  std::vector<Cidr> borders = side->blocks;
  std::erase_if(borders, [](const Cidr& block) { return block.prefix() == 0; });
  std::vector<OutsideBlock> result = outside_blocks(cluster, borders);
  std::erase_if(result, [&](const OutsideBlock& each) {
    return std::ranges::none_of(side->blocks,
                                [&](const Cidr& block) { return block.contains(each.cidr); });
  });
  return result;
}

ReachScope scope_for(const Cluster& cluster, const std::optional<SliceSide>& from,
                     const std::optional<SliceSide>& to) {
  std::set<IpAddress> addresses;
  for (const std::optional<SliceSide>* side : {&from, &to}) {
    for (const OutsideBlock& block : outside_of(cluster, *side)) addresses.insert(block.sample);
    if (!*side) continue;
    for (const IpAddress& address : (*side)->addresses) {
      SliceSide alone;
      alone.blocks = {Cidr::of(address, address.width())};
      if (!outside_of(cluster, alone).empty()) addresses.insert(address);
    }
  }
  ReachScope scope;
  scope.outside = false;
  scope.addresses.assign(addresses.begin(), addresses.end());
  return scope;
}

SliceEnds::SliceEnds(const Cluster& cluster, const std::optional<SliceSide>& from,
                     const std::optional<SliceSide>& to)
    : cluster_(cluster),
      scope_(scope_for(cluster, from, to)),
      reacher_(cluster, scope_),
      classes_(cluster, reacher_.columns()),
      samples_(cluster, PortSet::all()) {
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
  add_pod(end, id);
  return end;
}

/// As a member where there are no two of its class yet: the first one is asked about the second.
void SliceEnds::add_pod(SliceEnd& end, PodId pod) const {
  const auto count = [](const std::vector<SliceMember>& members, std::size_t id) {
    return std::ranges::count(members, id, &SliceMember::id);
  };
  end.pods.push_back(pod);
  end.by_node = end.by_node || cluster_.at(pod).host_network;
  const std::size_t plain = kPlain + classes_.plain(pod);
  if (count(end.members, classes_.noded(pod)) < 2) end.members.push_back(member(pod));
  if (count(end.plain, plain) < 2) end.plain.push_back({{pod}, plain});
}

SliceEnd SliceEnds::workload_end(WorkloadId id) const {
  const Workload& workload = cluster_.at(id);
  SliceEnd end;
  end.name = {cluster_.at(workload.ns).name, workload.kind, workload.name, {}};
  for (const PodId pod : workload.pods) {
    if (!cluster_.at(pod).is_completed()) add_pod(end, pod);
  }
  return end;
}

SliceEnd SliceEnds::other_end(EndpointName name, SliceEnd::Kind kind, const Asked& asked) {
  SliceEnd end;
  end.name = std::move(name);
  end.kind = kind;
  end.members = {{asked, next_id_++}};
  // Nodes, and addresses that may be anybody's.
  end.by_node = true;
  return end;
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
  for (const OutsideBlock& block : outside_of(cluster_, side)) {
    const EndpointName name{{}, {}, {}, block.cidr.to_string()};
    ends.push_back(other_end(name, SliceEnd::Kind::Host, {block.sample}));
    ends.back().by_node = false;
  }
  for (const IpAddress& address : side.addresses) {
    const EndpointName name{{}, {}, {}, Cidr::of(address, address.width()).to_string()};
    ends.push_back(other_end(name, SliceEnd::Kind::Host, {address}));
  }
}

void SliceEnds::add_services(Ends& ends, const SliceSide& side) {
  const auto is_host = [&](PodId pod) { return !pod.is_valid() || cluster_.at(pod).host_network; };
  for (const ServiceId id : side.services) {
    const Service& service = cluster_.at(id);
    const EndpointName name{cluster_.at(service.ns).name, "Service", service.name, {}};
    SliceEnd end = other_end(name, SliceEnd::Kind::Service, {id});
    for (const ServiceEndpoint& endpoint : service.endpoints) end.endpoints.insert(endpoint.pod);
    const bool selects = !service.has_endpoints_object && service.selector;
    for (const PodId pod : cluster_.at(service.ns).pods) {
      if (selects && matches(*service.selector, cluster_.at(pod).labels)) end.endpoints.insert(pod);
    }
    end.leads_to_hosts = std::ranges::any_of(end.endpoints, is_host);
    ends.push_back(std::move(end));
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

/// Reacher leaves out what a Service does not offer, so its ranges are none of a Service's, and it
/// does not know pairs of hosts.
PairAnswer SliceEnds::ask_by_port(const Asked& src, const Asked& dst) {
  return spread(samples_.between(src.end, dst.end, false),
                [&](Protocol protocol, std::uint16_t port) {
                  return reacher_.decide(src, dst, protocol, port);
                });
}

PairAnswer SliceEnds::ask(const SliceMember& src, const SliceMember& dst) {
  const auto is_pod = [](const SliceMember& each) {
    return !each.asked.node.is_valid() && std::holds_alternative<PodId>(each.asked.end);
  };
  const bool is_service = std::holds_alternative<ServiceId>(dst.asked.end);
  const bool by_port = is_service || (!is_pod(src) && !is_pod(dst));
  if (!by_port) return reacher_.ask(src.asked, dst.asked);
  const auto [known, is_new] = answers_.try_emplace({src.id, dst.id});
  if (is_new) known->second = ask_by_port(src.asked, dst.asked);
  return known->second;
}

std::vector<AlikeEnds> SliceEnds::alike(const std::vector<SliceEnd>& ends,
                                        const std::function<bool(const SliceEnd&)>& is_apart) {
  using Ids = std::vector<std::size_t>;
  if (flow_classes_.empty()) flow_classes_ = flow_classes(reacher_.tables());
  // Of hostNetwork pods the class says all; it lies beyond those of the others.
  const auto plain_of = [&](const SliceEnd& end) {
    std::set<std::size_t> numbers;
    for (const SliceMember& member : end.plain) {
      const std::size_t column = member.id - kPlain;
      numbers.insert(column < flow_classes_.size() ? flow_classes_[column] : member.id);
    }
    return numbers;
  };
  std::map<std::pair<Ids, Ids>, std::size_t> lists_by_ids;
  std::map<std::pair<std::set<std::size_t>, bool>, std::size_t> plain_by_ids;
  std::vector<AlikeEnds> lists;
  std::size_t next_plain = 0;
  for (const SliceEnd& end : ends) {
    const bool is_alone = is_apart(end) || !end.is_pods();
    std::size_t at = lists.size();
    if (!is_alone) {
      const std::pair ids{ids_of(end.members), ids_of(end.plain)};
      at = lists_by_ids.try_emplace(ids, at).first->second;
    }
    if (at == lists.size()) {
      std::size_t number = next_plain;
      if (!is_alone) {
        number = plain_by_ids.try_emplace({plain_of(end), end.by_node}, number).first->second;
      }
      if (number == next_plain) ++next_plain;
      lists.push_back({{}, number, end.by_node});
    }
    lists[at].ends.push_back(&end);
  }
  return lists;
}

EndsAnswer SliceEnds::between(const SliceEnd& src, const SliceEnd& dst) {
  EndsAnswer joined;
  const bool is_service = dst.kind == SliceEnd::Kind::Service;
  const std::vector<SliceMember> towards =
      is_service ? members_towards(src, dst) : std::vector<SliceMember>{};
  for (const SliceMember& from : is_service ? towards : members_beside(src, dst)) {
    for (const SliceMember& to : members_beside(dst, src)) {
      const bool is_itself = src.is_pods() && dst.is_pods() && from.asked.end == to.asked.end;
      if (!is_itself) joined.add(ask(from, to));
    }
  }
  return joined;
}

/// SEMANTICS S8: to its own Service an endpoint is not what the others of its class are. The node
/// matters where one of both ends is a host.
SliceMember SliceEnds::member_towards(PodId pod, const SliceEnd& service) const {
  if (service.endpoints.contains(pod)) return {{pod}, kEndpoints + pod.value};
  const bool by_node = service.leads_to_hosts || cluster_.at(pod).host_network;
  return {{pod}, by_node ? classes_.noded(pod) : kPlain + classes_.plain(pod)};
}

std::vector<SliceMember> SliceEnds::members_towards(const SliceEnd& src,
                                                    const SliceEnd& dst) const {
  if (dst.kind != SliceEnd::Kind::Service || !src.is_pods()) return src.members;
  std::vector<SliceMember> result;
  std::set<std::size_t> seen;
  for (const PodId pod : src.pods) {
    const SliceMember member = member_towards(pod, dst);
    if (seen.insert(member.id).second) result.push_back(member);
  }
  return result;
}

}  // namespace meshproof
