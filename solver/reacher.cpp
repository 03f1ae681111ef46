#include "solver/reacher.h"

#include <algorithm>
#include <set>

namespace meshproof {
namespace {

constexpr std::uint16_t kLastPort = 65535;

std::vector<Cidr> all_blocks(const Cluster& cluster, const ReachScope& scope) {
  std::vector<Cidr> blocks = blocks_of(cluster);
  blocks.insert(blocks.end(), scope.blocks.begin(), scope.blocks.end());
  return blocks;
}

EndpointName name_of(const Cluster& cluster, const Workload& workload) {
  return {cluster.at(workload.ns).name, workload.kind, workload.name, {}};
}

}  // namespace

void EndsAnswer::add(const PairAnswer& answer) {
  if (!asked) {
    open = every = answer.open;
    unknown = answer.unknown;
  } else if (open != answer.open || every != answer.open || unknown != answer.unknown) {
    open = open.unite(answer.open);
    every = every.intersect(answer.open);
    unknown = unknown.unite(answer.unknown);
    mixed = true;
  }
  asked = true;
  if (unknown_because.empty()) unknown_because = answer.unknown_because;
}

Reacher::Reacher(const Cluster& cluster, const ReachScope& scope)
    : cluster_(cluster),
      scope_(scope),
      evaluator_(cluster, PendingPods::WillRun),
      samples_(cluster, PortSet::all()),
      classes_(cluster, all_blocks(cluster, scope)) {
  for (std::uint32_t i = 0; i < cluster.workloads.size(); ++i) {
    workloads_[name_of(cluster, cluster.workloads[i])] = {i};
  }
  find_other_ends();
}

/// One pod of each class, and a second one: members of one class are asked about each other too.
ReachEnd Reacher::workload_end(const Workload& workload) const {
  ReachEnd end;
  end.name = name_of(cluster_, workload);
  std::map<PodClassId, int> seen;
  std::map<PodClassId, int> seen_noded;
  for (const PodId id : workload.pods) {
    const Pod& pod = cluster_.at(id);
    if (pod.is_completed()) continue;
    const ReachMember member{id, classes_.plain(id), classes_.noded(id)};
    if (++seen[member.plain] <= 2) end.members.push_back(member);
    if (++seen_noded[member.noded] <= 2) end.noded_members.push_back(member);
    end.has_hosts = end.has_hosts || pod.host_network;
  }
  return end;
}

ReachEnd Reacher::pod_end(PodId id) const {
  const Pod& pod = cluster_.at(id);
  ReachEnd end;
  end.name = name_of(cluster_, cluster_.at(pod.workload));
  if (!pod.stand_in) {
    end.name.kind = "Pod";
    end.name.name = pod.name;
  }
  end.members = {{id, classes_.plain(id), classes_.noded(id)}};
  end.noded_members = end.members;
  end.has_hosts = pod.host_network;
  return end;
}

std::vector<ReachEnd> Reacher::workload_ends(
    const std::optional<std::vector<WorkloadId>>& wanted) const {
  std::vector<ReachEnd> ends;
  for (std::uint32_t i = 0; i < cluster_.workloads.size(); ++i) {
    const bool is_wanted = !wanted || std::ranges::find(*wanted, WorkloadId{i}) != wanted->end();
    if (!is_wanted) continue;
    for (const PodId pod : cluster_.workloads[i].pods) {
      if (scope_.by_pod && !cluster_.at(pod).is_completed()) ends.push_back(pod_end(pod));
    }
    if (scope_.by_pod) continue;
    ReachEnd end = workload_end(cluster_.workloads[i]);
    if (!end.members.empty()) ends.push_back(std::move(end));
  }
  return ends;
}

void Reacher::find_other_ends() {
  for (std::uint32_t i = 0; scope_.nodes && i < cluster_.nodes.size(); ++i) {
    ReachEnd end;
    end.name.kind = "Node";
    end.name.name = cluster_.nodes[i].name;
    end.node = {i};
    others_[end.name] = end;
  }
  if (!scope_.outside) return;
  for (const OutsideBlock& block : outside_blocks(cluster_, scope_.blocks)) {
    ReachEnd end;
    end.name.cidr = block.cidr.to_string();
    end.address = block.sample;
    others_[end.name] = end;
  }
}

Decision Reacher::decide(const Asked& src, const Asked& dst, Protocol protocol,
                         std::uint16_t port) const {
  if (src.node.is_valid()) {
    return evaluator_.evaluate_from_node(src.node, dst.end, protocol, port);
  }
  if (dst.node.is_valid()) return evaluator_.evaluate_to_node(src.end, dst.node, protocol, port);
  return evaluator_.evaluate({src.end, dst.end, protocol, port});
}

PairAnswer Reacher::ask_ports(const Asked& src, const Asked& dst) {
  PairAnswer answer;
  const std::vector<PortSample> samples = samples_.between(src.end, dst.end, true);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto& [protocol, port] = samples[i];
    const Decision decision = decide(src, dst, protocol, port);
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

const PairAnswer& Reacher::ask_pods(PodId src, PodId dst) {
  const bool by_node = cluster_.at(src).host_network || cluster_.at(dst).host_network;
  const std::pair key = by_node ? std::pair{classes_.noded(src), classes_.noded(dst)}
                                : std::pair{classes_.plain(src), classes_.plain(dst)};
  const auto known = answers_.find(key);
  if (known != answers_.end()) return known->second;
  return answers_.emplace(key, ask_ports({src}, {dst})).first->second;
}

PairAnswer Reacher::ask(const Asked& src, const Asked& dst) {
  const bool are_pods = !src.node.is_valid() && !dst.node.is_valid() &&
                        std::holds_alternative<PodId>(src.end) &&
                        std::holds_alternative<PodId>(dst.end);
  if (are_pods) return ask_pods(std::get<PodId>(src.end), std::get<PodId>(dst.end));
  return ask_ports(src, dst);
}

std::map<std::string, Asked> Reacher::members(const EndpointName& name) const {
  std::map<std::string, Asked> result;
  const auto workload = workloads_.find(name);
  if (workload != workloads_.end()) {
    for (const PodId id : cluster_.at(workload->second).pods) {
      if (!cluster_.at(id).is_completed()) result[cluster_.at(id).name] = {id};
    }
    return result;
  }
  const auto other = others_.find(name);
  if (other != others_.end()) result[""] = asked_of(other->second).front();
  return result;
}

/// One pod of each class, where the other end is no workload.
std::vector<Asked> Reacher::asked_of(const ReachEnd& end) const {
  if (end.address) return {{*end.address}};
  if (end.node.is_valid()) return {{IpAddress{}, end.node}};
  std::vector<Asked> result;
  std::set<PodClassId> seen;
  for (const ReachMember& member : end.noded_members) {
    if (seen.insert(member.noded).second) result.push_back({member.pod});
  }
  return result;
}

EndsAnswer Reacher::join_workloads(const ReachEnd& src, const ReachEnd& dst) {
  EndsAnswer joined;
  const bool by_node = src.has_hosts || dst.has_hosts;
  for (const ReachMember& from : by_node ? src.noded_members : src.members) {
    for (const ReachMember& to : by_node ? dst.noded_members : dst.members) {
      if (from.pod != to.pod) joined.add(ask_pods(from.pod, to.pod));
    }
  }
  return joined;
}

bool Reacher::is_asked(const ReachEnd& src, const ReachEnd& dst) const {
  if (!src.is_workload() && !dst.is_workload()) return false;
  if (!scope_.touching) return true;
  const auto may_differ = [&](const ReachEnd& end) {
    return !end.is_workload() || end.has_hosts || scope_.touching->contains(end.name.ns);
  };
  return may_differ(src) || may_differ(dst);
}

EndsAnswer Reacher::join(const ReachEnd& src, const ReachEnd& dst) {
  if (src.is_workload() && dst.is_workload()) return join_workloads(src, dst);
  EndsAnswer joined;
  for (const Asked& from : asked_of(src)) {
    for (const Asked& to : asked_of(dst)) joined.add(ask_ports(from, to));
  }
  return joined;
}

Reacher::Answers Reacher::run() {
  std::vector<ReachEnd> sources = workload_ends(scope_.from);
  std::vector<ReachEnd> destinations = workload_ends(scope_.to);
  for (const auto& [name, other] : others_) {
    sources.push_back(other);
    destinations.push_back(other);
  }
  Answers answers;
  for (const ReachEnd& src : sources) {
    for (const ReachEnd& dst : destinations) {
      if (!is_asked(src, dst)) continue;
      EndsAnswer joined = join(src, dst);
      if (joined.open.is_empty() && joined.unknown.is_empty()) continue;
      answers.emplace(std::pair{src.name, dst.name}, std::move(joined));
    }
  }
  return answers;
}

Reachability reach(const Cluster& cluster, const ReachScope& scope) {
  Reachability result;
  for (auto& [pair, answer] : Reacher(cluster, scope).run()) {
    const auto& [src, dst] = pair;
    if (!answer.unknown.is_empty()) {
      result.undecided.push_back({src, dst, answer.unknown_because, answer.unknown});
    }
    if (!answer.open.is_empty()) result.connections.push_back({src, dst, answer.open});
  }
  if (cluster.network.dialect == Dialect::OpenShiftSdn) {
    const std::uint16_t vxlan = cluster.network.vxlan_port;
    result.always_dropped = PortSet::of(Protocol::Udp, {vxlan, vxlan});
  }
  return result;
}

}  // namespace meshproof
