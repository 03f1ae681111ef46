#include "solver/reachability.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "solver/checks/port_samples.h"
#include "solver/evaluate.h"
#include "solver/reach_ends.h"

/// Asks evaluate() about one pair of pods of each pair of classes and one port of each range that
/// no rule tells apart, remembers the answer for the pair of classes, and unites per workload.
namespace meshproof {
namespace {

constexpr std::uint16_t kLastPort = 65535;

struct Answer {
  PortSet open;
  std::string unknown_because;  ///< of the first flow that could not be decided
};

/// The answers of all pods of two ends together.
struct Joined {
  PortSet open;
  std::string unknown_because;

  void add(const Answer& answer) {
    if (open != answer.open) open = open.unite(answer.open);
    if (unknown_because.empty()) unknown_because = answer.unknown_because;
  }
};

/// What is asked: a pod or an address, or a node, which a Flow cannot name as a source.
struct Asked {
  FlowEnd end;
  NodeId node;
};

class Reacher {
 public:
  Reacher(const Cluster& cluster, const ReachScope& scope);

  [[nodiscard]] Reachability run();

 private:
  [[nodiscard]] ReachEnd workload_end(const Workload& workload) const;
  [[nodiscard]] std::vector<ReachEnd> workload_ends(
      const std::optional<std::vector<WorkloadId>>& wanted) const;
  void add_other_ends(std::vector<ReachEnd>& ends) const;
  [[nodiscard]] bool is_asked(const ReachEnd& src, const ReachEnd& dst) const;
  void join(const ReachEnd& src, const ReachEnd& dst);
  void join_workloads(const ReachEnd& src, const ReachEnd& dst, Joined& joined);
  const Answer& ask_pods(const ReachMember& src, const ReachMember& dst, bool by_node);
  [[nodiscard]] Answer ask(const Asked& src, const Asked& dst);
  [[nodiscard]] Decision decide(const Asked& src, const Asked& dst, const PortSample& sample) const;
  [[nodiscard]] std::vector<Asked> asked_of(const ReachEnd& end) const;

  const Cluster& cluster_;
  const ReachScope& scope_;
  Evaluator evaluator_;
  PortSamples samples_;
  PodClasses classes_;
  std::map<std::pair<PodClassId, PodClassId>, Answer> answers_;
  Reachability result_;
};

std::vector<Cidr> all_blocks(const Cluster& cluster, const ReachScope& scope) {
  std::vector<Cidr> blocks = blocks_of(cluster);
  blocks.insert(blocks.end(), scope.blocks.begin(), scope.blocks.end());
  return blocks;
}

Reacher::Reacher(const Cluster& cluster, const ReachScope& scope)
    : cluster_(cluster),
      scope_(scope),
      evaluator_(cluster, PendingPods::WillRun),
      samples_(cluster, PortSet::all()),
      classes_(cluster, all_blocks(cluster, scope)) {}

/// One pod of each class, and a second one: members of one class are asked about each other too.
ReachEnd Reacher::workload_end(const Workload& workload) const {
  ReachEnd end;
  end.name = {cluster_.at(workload.ns).name, workload.kind, workload.name, {}};
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

std::vector<ReachEnd> Reacher::workload_ends(
    const std::optional<std::vector<WorkloadId>>& wanted) const {
  std::vector<ReachEnd> ends;
  for (std::uint32_t i = 0; i < cluster_.workloads.size(); ++i) {
    const bool is_wanted = !wanted || std::ranges::find(*wanted, WorkloadId{i}) != wanted->end();
    if (!is_wanted) continue;
    ReachEnd end = workload_end(cluster_.workloads[i]);
    if (!end.members.empty()) ends.push_back(std::move(end));
  }
  return ends;
}

void Reacher::add_other_ends(std::vector<ReachEnd>& ends) const {
  for (std::uint32_t i = 0; scope_.nodes && i < cluster_.nodes.size(); ++i) {
    ReachEnd end;
    end.name.kind = "Node";
    end.name.name = cluster_.nodes[i].name;
    end.node = {i};
    ends.push_back(std::move(end));
  }
  if (!scope_.outside) return;
  for (const OutsideBlock& block : outside_blocks(cluster_, scope_.blocks)) {
    ReachEnd end;
    end.name.cidr = block.cidr.to_string();
    end.address = block.sample;
    ends.push_back(std::move(end));
  }
}

Decision Reacher::decide(const Asked& src, const Asked& dst, const PortSample& sample) const {
  if (src.node.is_valid()) {
    return evaluator_.evaluate_from_node(src.node, dst.end, sample.protocol, sample.port);
  }
  if (dst.node.is_valid()) {
    return evaluator_.evaluate_to_node(src.end, dst.node, sample.protocol, sample.port);
  }
  return evaluator_.evaluate({src.end, dst.end, sample.protocol, sample.port});
}

Answer Reacher::ask(const Asked& src, const Asked& dst) {
  Answer answer;
  const std::vector<PortSample> samples = samples_.between(src.end, dst.end, true);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const PortSample& sample = samples[i];
    const Decision decision = decide(src, dst, sample);
    if (decision.access == Access::Unknown && answer.unknown_because.empty()) {
      answer.unknown_because = decision.reasons.front().text;
    }
    if (!decision.is_allowed()) continue;
    const bool is_last = i + 1 == samples.size() || samples[i + 1].protocol != sample.protocol;
    const bool is_icmp = sample.protocol == Protocol::Icmp;
    const auto to = is_icmp   ? std::uint16_t{0}
                    : is_last ? kLastPort
                              : static_cast<std::uint16_t>(samples[i + 1].port - 1);
    answer.open.add(sample.protocol, {sample.port, to});
  }
  return answer;
}

const Answer& Reacher::ask_pods(const ReachMember& src, const ReachMember& dst, bool by_node) {
  const std::pair key = by_node ? std::pair{src.noded, dst.noded} : std::pair{src.plain, dst.plain};
  const auto known = answers_.find(key);
  if (known != answers_.end()) return known->second;
  return answers_.emplace(key, ask({src.pod, {}}, {dst.pod, {}})).first->second;
}

/// One pod of each class, where the other end is no workload.
std::vector<Asked> Reacher::asked_of(const ReachEnd& end) const {
  if (end.address) return {{*end.address, {}}};
  if (end.node.is_valid()) return {{IpAddress{}, end.node}};
  std::vector<Asked> result;
  std::set<PodClassId> seen;
  for (const ReachMember& member : end.noded_members) {
    if (seen.insert(member.noded).second) result.push_back({member.pod, {}});
  }
  return result;
}

void Reacher::join_workloads(const ReachEnd& src, const ReachEnd& dst, Joined& joined) {
  const bool by_node = src.has_hosts || dst.has_hosts;
  const auto& sources = by_node ? src.noded_members : src.members;
  const auto& destinations = by_node ? dst.noded_members : dst.members;
  for (const ReachMember& from : sources) {
    for (const ReachMember& to : destinations) {
      if (from.pod != to.pod) joined.add(ask_pods(from, to, by_node));
    }
  }
}

bool Reacher::is_asked(const ReachEnd& src, const ReachEnd& dst) const {
  if (!src.is_workload() && !dst.is_workload()) return false;
  if (!scope_.touching) return true;
  const auto may_differ = [&](const ReachEnd& end) {
    return !end.is_workload() || end.has_hosts || scope_.touching->contains(end.name.ns);
  };
  return may_differ(src) || may_differ(dst);
}

void Reacher::join(const ReachEnd& src, const ReachEnd& dst) {
  Joined joined;
  if (src.is_workload() && dst.is_workload()) {
    join_workloads(src, dst, joined);
  } else {
    for (const Asked& from : asked_of(src)) {
      for (const Asked& to : asked_of(dst)) joined.add(ask(from, to));
    }
  }
  if (!joined.unknown_because.empty()) {
    result_.undecided.push_back({src.name, dst.name, joined.unknown_because});
  }
  if (!joined.open.is_empty()) {
    result_.connections.push_back({src.name, dst.name, std::move(joined.open), {}});
  }
}

Reachability Reacher::run() {
  std::vector<ReachEnd> sources = workload_ends(scope_.from);
  std::vector<ReachEnd> destinations = workload_ends(scope_.to);
  add_other_ends(sources);
  add_other_ends(destinations);
  for (const ReachEnd& src : sources) {
    for (const ReachEnd& dst : destinations) {
      if (is_asked(src, dst)) join(src, dst);
    }
  }
  const auto by_name = [](const auto& a, const auto& b) {
    return std::tie(a.src, a.dst) < std::tie(b.src, b.dst);
  };
  std::ranges::sort(result_.connections, by_name);
  std::ranges::sort(result_.undecided, by_name);
  if (cluster_.network.dialect == Dialect::OpenShiftSdn) {
    const std::uint16_t vxlan = cluster_.network.vxlan_port;
    result_.always_dropped = PortSet::of(Protocol::Udp, {vxlan, vxlan});
  }
  return std::move(result_);
}

}  // namespace

Reachability reach(const Cluster& cluster, const ReachScope& scope) {
  return Reacher(cluster, scope).run();
}

}  // namespace meshproof
