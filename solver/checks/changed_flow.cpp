#include "solver/checks/changed_flow.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "solver/reach_ends.h"

namespace meshproof {
namespace {

NodeId find_node(const Cluster& cluster, const std::string& name) {
  for (std::uint32_t i = 0; i < cluster.nodes.size(); ++i) {
    if (cluster.nodes[i].name == name) return {i};
  }
  return {};
}

/// The running pods of the workload, by name.
std::map<std::string, PodId> pods_of(const Cluster& cluster, const EndpointName& end) {
  std::map<std::string, PodId> pods;
  const NamespaceId ns = cluster.find_namespace(end.ns);
  if (!ns.is_valid()) return pods;
  for (const PodId id : cluster.at(ns).pods) {
    const Pod& pod = cluster.at(id);
    const Workload& workload = cluster.at(pod.workload);
    const bool is_meant =
        !pod.is_completed() && workload.kind == end.kind && workload.name == end.name;
    if (is_meant) pods.emplace(pod.name, id);
  }
  return pods;
}

}  // namespace

ChangedFlows::ChangedFlows(const Cluster& before, const Cluster& after, const PortSet& ports)
    : before_(before, ports), after_(after, ports) {
  for (const OutsideBlock& block : outside_blocks(before, {}, {&before, &after})) {
    outside_.emplace(block.cidr.to_string(), block.sample);
  }
}

std::vector<ChangedEnd> ChangedFlows::members(const EndpointName& end) const {
  if (!end.cidr.empty()) {
    const auto known = outside_.find(end.cidr);
    if (known == outside_.end()) return {};
    return {{known->second.to_string(), known->second, known->second, {}, {}}};
  }
  if (end.ns.empty()) {
    const FlowEnd nobody = IpAddress{};
    return {{"Node/" + end.name, nobody, nobody, find_node(before_.cluster, end.name),
             find_node(after_.cluster, end.name)}};
  }
  std::map<std::string, ChangedEnd> found;
  for (const auto& [name, id] : pods_of(before_.cluster, end)) {
    found[name].before = id;
  }
  for (const auto& [name, id] : pods_of(after_.cluster, end)) {
    found[name].after = id;
  }
  std::vector<ChangedEnd> result;
  for (auto& [name, one] : found) {
    one.name = end.ns + '/' + name;
    result.push_back(std::move(one));
  }
  return result;
}

std::string ChangedFlows::State::signature(const std::optional<FlowEnd>& end, NodeId node) const {
  if (!end) return "-";
  if (const auto* pod = std::get_if<PodId>(&*end)) return groups.signature(*pod, true);
  return to_string(*end, cluster) + '#' + std::to_string(node.value);
}

/// One end of each signature, and a second one to be asked about the first.
std::vector<ChangedEnd> ChangedFlows::distinct(const std::vector<ChangedEnd>& ends) const {
  std::map<std::pair<std::string, std::string>, int> seen;
  std::vector<ChangedEnd> result;
  for (const ChangedEnd& end : ends) {
    const auto key = std::pair{before_.signature(end.before, end.node_before),
                               after_.signature(end.after, end.node_after)};
    if (++seen[key] <= 2) result.push_back(end);
  }
  return result;
}

/// Those of both states: each knows what its own rules tell apart.
std::vector<PortSample> ChangedFlows::samples(const ChangedEnd& src, const ChangedEnd& dst) {
  std::set<std::pair<Protocol, std::uint16_t>> found;
  const auto add = [&](State& state, const auto& from, const auto& to) {
    if (!from || !to) return;
    for (const PortSample& each : state.samples.between(*from, *to, false)) {
      found.emplace(each.protocol, each.port);
    }
  };
  add(before_, src.before, dst.before);
  add(after_, src.after, dst.after);
  std::vector<PortSample> result;
  for (const auto& [protocol, port] : found) result.push_back({protocol, port});
  return result;
}

/// What the destination declares comes first: a reader expects it.
std::vector<PortSample> ChangedFlows::declared(const ChangedEnd& dst) const {
  if (dst.after) return declared_ports(after_.cluster, *dst.after);
  return dst.before ? declared_ports(before_.cluster, *dst.before) : std::vector<PortSample>{};
}

std::optional<Decision> ChangedFlows::State::decide(const std::optional<FlowEnd>& src,
                                                    NodeId src_node,
                                                    const std::optional<FlowEnd>& dst,
                                                    NodeId dst_node, PortSample sample) const {
  if (!src || !dst) return std::nullopt;
  const auto& [protocol, port] = sample;
  if (src_node.is_valid()) return evaluator.evaluate_from_node(src_node, *dst, protocol, port);
  if (dst_node.is_valid()) return evaluator.evaluate_to_node(*src, dst_node, protocol, port);
  return evaluator.evaluate({*src, *dst, protocol, port});
}

/// An end that one state lacks neither sends nor receives there.
std::optional<Violated> ChangedFlows::judge(const ChangedEnd& src, const ChangedEnd& dst,
                                            PortSample sample, bool is_gain) const {
  const std::optional<Decision> was =
      before_.decide(src.before, src.node_before, dst.before, dst.node_before, sample);
  const std::optional<Decision> is =
      after_.decide(src.after, src.node_after, dst.after, dst.node_after, sample);
  const std::optional<Decision>& open = is_gain ? is : was;
  const std::optional<Decision>& closed = is_gain ? was : is;
  const bool changed = open && open->is_allowed() && (!closed || closed->access == Access::Denied);
  if (!changed) return std::nullopt;
  Violated violated;
  violated.src = src.name;
  violated.dst = dst.name;
  violated.protocol = sample.protocol;
  violated.port = sample.port;
  violated.is_open = is_gain;
  if (is) {
    violated.reasons = is->reasons;
  } else {
    Reason gone;
    gone.rule_id = "Q6";
    gone.text = (src.after || src.node_after.is_valid() ? dst.name : src.name) +
                " is not there after the change";
    violated.reasons = {std::move(gone)};
  }
  return violated;
}

std::optional<Violated> ChangedFlows::find(const std::vector<ChangedEnd>& sources,
                                           const std::vector<ChangedEnd>& destinations,
                                           const PortSet& ports, bool is_gain) {
  const std::vector<ChangedEnd> receivers = distinct(destinations);
  for (const ChangedEnd& src : distinct(sources)) {
    for (const ChangedEnd& dst : receivers) {
      if (src.name == dst.name) continue;
      std::vector<PortSample> candidates = declared(dst);
      std::ranges::move(samples(src, dst), std::back_inserter(candidates));
      for (const PortSample& sample : candidates) {
        if (!ports.contains(sample.protocol, sample.port)) continue;
        if (auto found = judge(src, dst, sample, is_gain)) return found;
      }
    }
  }
  return std::nullopt;
}

}  // namespace meshproof
