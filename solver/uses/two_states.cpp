#include "solver/uses/two_states.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "solver/uses/uses.h"

namespace meshproof {
namespace {

bool is_single(const PortSet& ports) {
  return std::ranges::all_of(kProtocols, [&](Protocol protocol) {
    return std::ranges::all_of(ports.ranges(protocol),
                               [](const PortRange& range) { return range.from == range.to; });
  });
}

bool covers_part(const IpBlock& block, const OutsideBlock& part) {
  if (!block.cidr.contains(part.cidr)) return false;
  return std::ranges::none_of(block.except,
                              [&](const Cidr& except) { return except.contains(part.sample); });
}

void sort_names(std::vector<EndpointName>& names) {
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
}

Decision gone(const std::string& name) {
  Reason reason;
  reason.text = name + " is not there after the change";
  return {Access::Denied, {std::move(reason)}};
}

}  // namespace

TwoStates::TwoStates(const Cluster& before, const Cluster& after, bool is_one_state)
    : before_(before),
      after_(after),
      is_one_state_(is_one_state),
      evaluator_before_(before, PendingPods::WillRun),
      blocks_(outside_blocks(before, {}, {&before, &after})) {
  if (!is_one_state) evaluator_after_.emplace(after, PendingPods::WillRun);
}

PodId TwoStates::after_change(PodId pod) {
  if (is_one_state_) return pod;
  const Pod& was = before_.at(pod);
  const std::string& ns = before_.at(was.ns).name;
  const bool may_be_same = pod.value < after_.pods.size() && after_.at(pod).name == was.name;
  if (may_be_same && after_.at(after_.at(pod).ns).name == ns) return pod;
  const NamespaceId now = after_.find_namespace(ns);
  const PodId same = now.is_valid() ? after_.find_pod(now, was.name) : PodId{};
  if (same.is_valid()) return same;
  if (workloads_after_.empty()) {
    for (std::uint32_t i = 0; i < after_.pods.size(); ++i) {
      if (!after_.pods[i].is_completed())
        workloads_after_.try_emplace(end_name(after_, {i}), PodId{i});
    }
  }
  const auto found = workloads_after_.find(end_name(before_, pod));
  return found == workloads_after_.end() ? PodId{} : found->second;
}

std::optional<UseMember> TwoStates::after_change(const UseMember& member) {
  if (is_one_state_) return member;
  if (member.node.is_valid()) {
    const std::string& name = before_.at(member.node).name;
    const auto node = std::ranges::find(after_.nodes, name, &Node::name);
    if (node == after_.nodes.end()) return std::nullopt;
    return UseMember{member.end, {static_cast<std::uint32_t>(node - after_.nodes.begin())}};
  }
  const auto* pod = std::get_if<PodId>(&member.end);
  if (pod == nullptr) return member;
  const PodId now = after_change(*pod);
  if (!now.is_valid()) return std::nullopt;
  return UseMember{now, {}};
}

const std::string& TwoStates::signature(PodId pod, bool by_node) {
  const auto [at, is_new] = signatures_.try_emplace({pod, by_node});
  if (!is_new) return at->second;
  if (!classes_before_) classes_before_.emplace(before_);
  at->second = classes_before_->signature(pod, by_node);
  if (is_one_state_) return at->second;
  if (!classes_after_) classes_after_.emplace(after_);
  const PodId now = after_change(pod);
  at->second += now.is_valid() ? '+' + classes_after_->signature(now, by_node) : "-";
  return at->second;
}

void TwoStates::add_member(UseClass& one, const UseMember& member, const EndpointName& name) const {
  if (one.members.size() < 2) one.members.push_back(member);
  ++one.count;
  if (one.names.empty() || one.names.back() != name) one.names.push_back(name);
}

/// The block of a report that holds the address: the smallest one.
EndpointName TwoStates::block_of(const IpAddress& address) const {
  const OutsideBlock* smallest = nullptr;
  for (const OutsideBlock& block : blocks_) {
    const bool is_smaller = smallest == nullptr || block.cidr.prefix() > smallest->cidr.prefix();
    if (block.cidr.contains(address) && is_smaller) smallest = &block;
  }
  EndpointName name;
  name.cidr = smallest == nullptr ? address.to_string() : smallest->cidr.to_string();
  return name;
}

/// One address for each part of the block that rules can tell apart.
void TwoStates::add_blocks(const IpBlock& block, std::vector<UseClass>& classes) {
  const auto [parts, is_new] = parts_.try_emplace(block.cidr);
  if (is_new) parts->second = outside_blocks(before_, {block.cidr}, {&before_, &after_});
  for (const OutsideBlock& part : parts->second) {
    if (!covers_part(block, part)) continue;
    UseClass one;
    add_member(one, {part.sample, {}}, block_of(part.sample));
    classes.push_back(std::move(one));
  }
}

bool TwoStates::has_host(const Use& use) const {
  const auto is_host = [&](PodId pod) { return before_.at(pod).host_network; };
  return !use.nodes.empty() || !use.blocks.empty() ||
         std::ranges::any_of(use.targets,
                             [&](const UseTarget& target) { return is_host(target.pod); }) ||
         (use.pods != nullptr && std::ranges::any_of(*use.pods, is_host));
}

const std::vector<UseClass>& TwoStates::pod_sources_of(const Use& use) {
  static const std::vector<UseClass> kNone;
  if (use.pods == nullptr) return kNone;
  const bool by_node = has_host(use);
  const auto [at, is_new] = shared_.try_emplace({use.pods.get(), by_node});
  if (!is_new) return at->second;
  std::map<std::string, UseClass> found;
  for (const PodId pod : *use.pods) {
    add_member(found[signature(pod, by_node)], {pod, {}}, end_name(before_, pod));
  }
  for (auto& [key, one] : found) {
    sort_names(one.names);
    at->second.push_back(std::move(one));
  }
  return at->second;
}

std::vector<UseClass> TwoStates::sources_of(const Use& use, const Projects* projects) {
  std::vector<UseClass> classes;
  // Rules know projects, so that a class is of one.
  std::ranges::copy_if(pod_sources_of(use), std::back_inserter(classes), [&](const UseClass& one) {
    const std::string& ns = one.names.front().ns;
    return (projects == nullptr || projects->contains(ns)) &&
           before_.at(std::get<PodId>(one.members.front().end)).ns != use.apart;
  });
  for (const NodeId node : use.nodes) {
    UseClass one;
    add_member(one, {IpAddress{}, node}, {{}, "Node", before_.at(node).name, {}});
    classes.push_back(std::move(one));
  }
  for (const IpBlock& block : use.blocks) add_blocks(block, classes);
  return classes;
}

std::vector<UseTargetClass> TwoStates::targets_of(const Use& use) {
  const bool by_node = has_host(use);
  std::map<std::pair<std::string, PortSet>, UseClass> found;
  for (const UseTarget& target : use.targets) {
    add_member(found[{signature(target.pod, by_node), target.ports}], {target.pod, {}},
               end_name(before_, target.pod));
  }
  std::vector<UseTargetClass> classes;
  for (auto& [key, one] : found) {
    sort_names(one.names);
    classes.push_back({std::move(one), key.second});
  }
  return classes;
}

std::optional<std::pair<UseMember, UseMember>> TwoStates::different_members(const UseClass& src,
                                                                            const UseClass& dst) {
  for (const UseMember& from : src.members) {
    for (const UseMember& to : dst.members) {
      if (!(from == to)) return std::pair{from, to};
    }
  }
  return std::nullopt;
}

PortSamples& TwoStates::samples(const PortSet& ports, bool of_after) {
  return samples_.try_emplace({ports, of_after}, of_after ? after_ : before_, ports).first->second;
}

std::vector<UsedFlow> TwoStates::flows_between(const UseMember& src, const UseMember& dst,
                                               const PortSet& ports) {
  std::map<Protocol, std::set<std::uint16_t>> starts;
  for (const Protocol protocol : kProtocols) {
    for (const PortRange& range : ports.ranges(protocol)) starts[protocol].insert(range.from);
  }
  if (!is_single(ports)) {
    for (const auto& [protocol, port] : samples(ports, false).between(src.end, dst.end, false)) {
      starts[protocol].insert(port);
    }
    const auto now_src = after_change(src);
    const auto now_dst = after_change(dst);
    if (!is_one_state_ && now_src && now_dst) {
      for (const auto& [protocol, port] :
           samples(ports, true).between(now_src->end, now_dst->end, false)) {
        starts[protocol].insert(port);
      }
    }
  }
  std::vector<UsedFlow> flows;
  for (const auto& [protocol, of_protocol] : starts) {
    for (const PortRange& range : ports.ranges(protocol)) {
      for (auto at = of_protocol.lower_bound(range.from);
           at != of_protocol.end() && *at <= range.to; ++at) {
        const auto next = std::next(at);
        const bool is_last = next == of_protocol.end() || *next > range.to;
        const auto last = is_last ? range.to : static_cast<std::uint16_t>(*next - 1);
        flows.push_back({src, dst, protocol, *at, last});
      }
    }
  }
  return flows;
}

Decision TwoStates::ask(const Evaluator& evaluator, const UsedFlow& flow) {
  if (flow.src.node.is_valid()) {
    return evaluator.evaluate_from_node(flow.src.node, flow.dst.end, flow.protocol, flow.port);
  }
  return evaluator.evaluate({flow.src.end, flow.dst.end, flow.protocol, flow.port});
}

std::pair<Decision, Decision> TwoStates::decide(const UsedFlow& flow) {
  const Decision was = ask(evaluator_before_, flow);
  if (is_one_state_) {
    // Closed or not known in the only state there is: as if it had been open.
    Decision open;
    open.access = was.access == Access::Unknown ? Access::Unknown : Access::Allowed;
    open.reasons = was.reasons;
    return {std::move(open), was};
  }
  const auto src = after_change(flow.src);
  const auto dst = after_change(flow.dst);
  if (!src) return {was, was};
  if (!dst) return {was, gone(name_of(flow.dst))};
  UsedFlow now = flow;
  now.src = *src;
  now.dst = *dst;
  return {was, ask(*evaluator_after_, now)};
}

std::string TwoStates::name_of(const UseMember& member) const {
  if (member.node.is_valid()) return "node " + before_.at(member.node).name;
  return to_string(member.end, before_);
}

}  // namespace meshproof
