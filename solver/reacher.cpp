#include "solver/reacher.h"

#include <algorithm>
#include <set>

namespace meshproof {
namespace {

constexpr std::uint16_t kLastPort = 65535;

std::vector<IpAddress> samples_of(const std::vector<OutsideBlock>& blocks,
                                  const std::vector<IpAddress>& more) {
  std::vector<IpAddress> samples;
  for (const OutsideBlock& block : blocks) samples.push_back(block.sample);
  samples.insert(samples.end(), more.begin(), more.end());
  return samples;
}

std::vector<OutsideBlock> blocks_in(const Cluster& cluster, const ReachScope& scope) {
  if (!scope.outside) return {};
  return outside_blocks(cluster, {}, scope.compared);
}

EndpointName name_of(const Cluster& cluster, const Workload& workload) {
  return {cluster.at(workload.ns).name, workload.kind, workload.name, {}};
}

}  // namespace

std::pair<Protocol, std::uint16_t> first_of(const PortSet& ports) {
  const auto protocol =
      std::ranges::find_if(kProtocols, [&](Protocol each) { return !ports.ranges(each).empty(); });
  return {*protocol, ports.ranges(*protocol).front().from};
}

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

Reacher::Reacher(const Cluster& cluster, const ReachScope& scope, const Cluster* also,
                 const Reacher* beside)
    : Reacher(cluster, scope, blocks_in(cluster, scope), also, beside) {}

Reacher::Reacher(Reacher& before, const Cluster& after, const std::vector<NamespaceId>& changed)
    : cluster_(after),
      scope_(before.scope_),
      outside_(before.outside_),
      tables_(before.tables_, after, changed),
      classes_(before.classes_),
      others_(before.others_) {}

Reacher::Reacher(const Cluster& cluster, const ReachScope& scope,
                 const std::vector<OutsideBlock>& blocks, const Cluster* also,
                 const Reacher* beside)
    : cluster_(cluster),
      scope_(scope),
      tables_(cluster, samples_of(blocks, scope.addresses), also,
              beside == nullptr ? nullptr : &beside->tables_),
      classes_(cluster, tables_.columns) {
  for (std::size_t i = 0; i < blocks.size(); ++i) outside_.emplace(blocks[i].sample, i);
  for (std::size_t i = 0; i < scope.addresses.size(); ++i) {
    outside_.emplace(scope.addresses[i], blocks.size() + i);
  }
  find_other_ends(blocks);
}

const Evaluator& Reacher::evaluator() const {
  if (!evaluator_) evaluator_.emplace(cluster_, PendingPods::WillRun);
  return *evaluator_;
}

/// One pod of each class, and a second one: members of one class are asked about each other too.
ReachEnd Reacher::workload_end(WorkloadId id) const {
  const Workload& workload = cluster_.at(id);
  ReachEnd end;
  end.name = name_of(cluster_, workload);
  end.workload = id;
  std::map<PodClassId, int> seen;
  std::map<PodClassId, int> seen_noded;
  for (const PodId pod_id : workload.pods) {
    const Pod& pod = cluster_.at(pod_id);
    if (pod.is_completed()) continue;
    const ReachMember member{pod_id, classes_.plain(pod_id), classes_.noded(pod_id)};
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
    ReachEnd end = workload_end(WorkloadId{i});
    if (!end.members.empty()) ends.push_back(std::move(end));
  }
  return ends;
}

void Reacher::find_other_ends(const std::vector<OutsideBlock>& blocks) {
  for (std::uint32_t i = 0; scope_.nodes && i < cluster_.nodes.size(); ++i) {
    ReachEnd end;
    end.name.kind = "Node";
    end.name.name = cluster_.nodes[i].name;
    end.node = {i};
    others_[end.name] = end;
  }
  for (const OutsideBlock& block : blocks) {
    ReachEnd end;
    end.name.cidr = block.cidr.to_string();
    end.address = block.sample;
    others_[end.name] = end;
  }
}

Decision Reacher::decide(const Asked& src, const Asked& dst, Protocol protocol,
                         std::uint16_t port) const {
  if (src.node.is_valid()) {
    return evaluator().evaluate_from_node(src.node, dst.end, protocol, port);
  }
  if (dst.node.is_valid()) return evaluator().evaluate_to_node(src.end, dst.node, protocol, port);
  return evaluator().evaluate({src.end, dst.end, protocol, port});
}

std::string Reacher::why_unknown(const Asked& src, const Asked& dst, const PortSet& unknown) const {
  if (unknown.is_empty()) return {};
  const auto [protocol, port] = first_of(unknown);
  return decide(src, dst, protocol, port).reasons.front().text;
}

std::optional<PairEnd> Reacher::pair_end(const Asked& asked) const {
  if (asked.node.is_valid()) return PairEnd::of(asked.node);
  if (const auto* pod = std::get_if<PodId>(&asked.end)) return PairEnd::of(*pod);
  const auto* address = std::get_if<IpAddress>(&asked.end);
  const auto known = address == nullptr ? outside_.end() : outside_.find(*address);
  if (known == outside_.end()) return std::nullopt;
  return PairEnd::of_outside(known->second);
}

const PairAnswer& Reacher::answer_of(TwoPorts ports) {
  const auto [entry, is_new] = answers_.try_emplace(ports);
  if (is_new) {
    const PortSet& open = tables_.ports.at(ports.open);
    const PortSet unknown = tables_.ports.at(ports.possible).subtract(open);
    entry->second.open = as_shown(open, cluster_.network);
    entry->second.unknown = as_shown(unknown, cluster_.network);
  }
  return entry->second;
}

PairAnswer spread(const std::vector<PortSample>& samples,
                  const std::function<Decision(Protocol, std::uint16_t)>& decide) {
  PairAnswer answer;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto& [protocol, port] = samples[i];
    const Decision decision = decide(protocol, port);
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

/// Port range by port range: of addresses that may be anybody's.
PairAnswer Reacher::ask_one_by_one(const Asked& src, const Asked& dst) {
  if (!samples_) samples_.emplace(cluster_, PortSet::all());
  return spread(
      samples_->between(src.end, dst.end, true),
      [&](Protocol protocol, std::uint16_t port) { return decide(src, dst, protocol, port); });
}

PairAnswer Reacher::ask(const Asked& src, const Asked& dst) {
  const auto from = pair_end(src);
  const auto to = pair_end(dst);
  if (!from || !to) return ask_one_by_one(src, dst);
  PairAnswer answer = answer_of(tables_.between(*from, *to));
  answer.unknown_because = why_unknown(src, dst, answer.unknown);
  return answer;
}

std::vector<Reacher::Member> Reacher::members(const ReachEnd& end) const {
  if (!end.is_workload()) return {{{}, asked_beside(end, end).front()}};
  std::vector<Member> result;
  for (const PodId id : cluster_.at(end.workload).pods) {
    if (!cluster_.at(id).is_completed()) result.push_back({cluster_.at(id).name, {id}});
  }
  std::ranges::sort(result, {}, &Member::name);
  return result;
}

std::vector<Asked> Reacher::asked_beside(const ReachEnd& end, const ReachEnd& other) {
  if (end.address) return {{*end.address}};
  if (end.node.is_valid()) return {{IpAddress{}, end.node}};
  const bool by_node = end.is_host() || other.is_host();
  std::vector<Asked> result;
  for (const ReachMember& member : by_node ? end.noded_members : end.members) {
    result.push_back({member.pod});
  }
  return result;
}

EndsAnswer Reacher::join(const ReachEnd& src, const ReachEnd& dst) {
  EndsAnswer joined;
  for (const Asked& from : asked_beside(src, dst)) {
    for (const Asked& to : asked_beside(dst, src)) {
      const bool is_one_pod = src.is_workload() && dst.is_workload() && from.end == to.end;
      if (is_one_pod) continue;
      // NOLINTNEXTLINE(bugprone-unchecked-optional-access): tables know all that is asked.
      const PairAnswer& answer = answer_of(tables_.between(*pair_end(from), *pair_end(to)));
      joined.add(answer);
      if (joined.unknown.is_empty() || !joined.unknown_because.empty()) continue;
      joined.unknown_because = why_unknown(from, to, answer.unknown);
    }
  }
  return joined;
}

std::vector<Reacher::Answer> Reacher::run() {
  std::vector<Answer> answers;
  run([&](Answer answer) {
    answers.push_back(std::move(answer));
    return true;
  });
  return answers;
}

std::vector<ReachEnd> Reacher::ends_among(
    const std::optional<std::vector<WorkloadId>>& wanted) const {
  std::vector<ReachEnd> ends = workload_ends(wanted);
  for (const auto& [name, other] : others_) ends.push_back(other);
  std::ranges::sort(ends, {}, &ReachEnd::name);
  return ends;
}

std::vector<ReachEnd> Reacher::ends() const { return ends_among(std::nullopt); }

Column Reacher::sender(const ReachEnd& end) const {
  if (end.address) return tables_.columns.outside(outside_.at(*end.address));
  if (end.node.is_valid()) return tables_.columns.sender(end.node);
  const PodId pod = end.members.front().pod;
  return cluster_.at(pod).host_network ? tables_.columns.sender(pod) : tables_.columns.of(pod);
}

PortSet Reacher::shown(const PortSet& ports) const { return as_shown(ports, cluster_.network); }

void Reacher::run(const std::function<bool(Answer)>& take) {
  const std::vector<ReachEnd> sources = ends_among(scope_.from);
  const std::vector<ReachEnd> destinations = ends_among(scope_.to);
  for (const ReachEnd& src : sources) {
    for (const ReachEnd& dst : destinations) {
      if (!src.is_workload() && !dst.is_workload()) continue;
      EndsAnswer joined = join(src, dst);
      if (joined.open.is_empty() && joined.unknown.is_empty()) continue;
      if (!take({src.name, dst.name, std::move(joined)})) return;
    }
  }
}

Reachability reach(const Cluster& cluster, const ReachScope& scope) {
  Reachability result;
  for (auto& [src, dst, answer] : Reacher(cluster, scope).run()) {
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
