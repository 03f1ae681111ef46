#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "solver/evaluate.h"
#include "solver/reach_ends.h"
#include "solver/reachability.h"
#include "solver/touched.h"

/// Two states, side by side. Evidence is one flow of each connection, asked in the state after.
namespace meshproof {
namespace {

using Pair = std::pair<EndpointName, EndpointName>;

/// Enough to meet one of each kind of pod in any workload worth a sentence.
constexpr std::size_t kPodsTried = 64;

std::map<Pair, PortSet> by_pair(const Reachability& reachability) {
  std::map<Pair, PortSet> result;
  for (const Connection& connection : reachability.connections) {
    result[{connection.src, connection.dst}] = connection.ports;
  }
  return result;
}

/// The ends of a state by name, to find flows that show a connection.
class Witnesses {
 public:
  Witnesses(const Cluster& cluster, const std::vector<Cidr>& blocks);

  /// The reasons of a flow between the two that is decided as wanted; empty if there is none.
  [[nodiscard]] std::vector<Reason> find(const Connection& connection, Access wanted) const;
  [[nodiscard]] bool has(const EndpointName& name) const {
    return ends_.contains(name) || nodes_.contains(name);
  }

 private:
  [[nodiscard]] std::vector<Decision> ask(const Connection& connection, Protocol protocol,
                                          std::uint16_t port) const;
  [[nodiscard]] std::vector<FlowEnd> ends_of(const EndpointName& name) const;
  [[nodiscard]] NodeId node_of(const EndpointName& name) const;

  Evaluator evaluator_;
  std::map<EndpointName, std::vector<FlowEnd>> ends_;
  std::map<EndpointName, NodeId> nodes_;
};

Witnesses::Witnesses(const Cluster& cluster, const std::vector<Cidr>& blocks)
    : evaluator_(cluster, PendingPods::WillRun) {
  for (const Workload& workload : cluster.workloads) {
    std::vector<FlowEnd> pods;
    for (const PodId id : workload.pods) {
      if (!cluster.at(id).is_completed() && pods.size() < kPodsTried) pods.emplace_back(id);
    }
    if (pods.empty()) continue;
    ends_[{cluster.at(workload.ns).name, workload.kind, workload.name, {}}] = std::move(pods);
  }
  for (const OutsideBlock& block : outside_blocks(cluster, blocks)) {
    ends_[{{}, {}, {}, block.cidr.to_string()}] = {block.sample};
  }
  for (std::uint32_t i = 0; i < cluster.nodes.size(); ++i) {
    nodes_[{{}, "Node", cluster.nodes[i].name, {}}] = {i};
  }
}

std::vector<FlowEnd> Witnesses::ends_of(const EndpointName& name) const {
  const auto found = ends_.find(name);
  return found == ends_.end() ? std::vector<FlowEnd>{} : found->second;
}

NodeId Witnesses::node_of(const EndpointName& name) const {
  const auto found = nodes_.find(name);
  return found == nodes_.end() ? NodeId{} : found->second;
}

std::vector<Decision> Witnesses::ask(const Connection& connection, Protocol protocol,
                                     std::uint16_t port) const {
  const NodeId src_node = node_of(connection.src);
  const NodeId dst_node = node_of(connection.dst);
  const auto sources = ends_of(connection.src);
  const auto destinations = ends_of(connection.dst);
  std::vector<Decision> decisions;
  if (src_node.is_valid()) {
    for (const FlowEnd& dst : destinations) {
      decisions.push_back(evaluator_.evaluate_from_node(src_node, dst, protocol, port));
    }
    return decisions;
  }
  for (const FlowEnd& src : sources) {
    if (dst_node.is_valid()) {
      decisions.push_back(evaluator_.evaluate_to_node(src, dst_node, protocol, port));
    }
    for (const FlowEnd& dst : destinations) {
      if (src != dst) decisions.push_back(evaluator_.evaluate({src, dst, protocol, port}));
    }
  }
  return decisions;
}

std::vector<Reason> Witnesses::find(const Connection& connection, Access wanted) const {
  for (const Protocol protocol : kProtocols) {
    const auto& ranges = connection.ports.ranges(protocol);
    if (ranges.empty()) continue;
    for (Decision& decision : ask(connection, protocol, ranges.front().from)) {
      if (decision.access == wanted) return std::move(decision.reasons);
    }
  }
  return {};
}

std::vector<Reason> reasons_of_loss(const Witnesses& after, const Connection& lost) {
  for (const EndpointName& end : {lost.src, lost.dst}) {
    if (after.has(end)) continue;
    Reason reason;
    reason.rule_id = "F4";
    reason.text = to_string(end) + " is gone";
    return {std::move(reason)};
  }
  return after.find(lost, Access::Denied);
}

/// Pairs that cannot be compared.
std::map<Pair, std::string> undecided_pairs(const Reachability& before, const Reachability& after) {
  std::map<Pair, std::string> result;
  for (const Reachability* state : {&before, &after}) {
    for (const auto& pair : state->undecided) result[{pair.src, pair.dst}] = pair.reason;
  }
  return result;
}

ReachabilityChange compare_within(const Cluster& before, const Cluster& after, ReachScope scope) {
  scope.blocks = blocks_of(before);
  const std::vector<Cidr> more = blocks_of(after);
  scope.blocks.insert(scope.blocks.end(), more.begin(), more.end());
  const Reachability old_state = reach(before, scope);
  const Reachability new_state = reach(after, scope);
  const auto old_ports = by_pair(old_state);
  const auto new_ports = by_pair(new_state);
  const auto undecided = undecided_pairs(old_state, new_state);
  const Witnesses witnesses(after, scope.blocks);

  const auto ports_of = [](const std::map<Pair, PortSet>& state, const Pair& pair) {
    const auto found = state.find(pair);
    return found == state.end() ? PortSet::none() : found->second;
  };
  std::set<Pair> pairs;
  for (const auto* state : {&old_ports, &new_ports}) {
    for (const auto& [pair, ports] : *state) pairs.insert(pair);
  }
  ReachabilityChange change;
  for (const Pair& pair : pairs) {
    if (undecided.contains(pair)) continue;
    const PortSet was = ports_of(old_ports, pair);
    const PortSet is = ports_of(new_ports, pair);
    Connection gained{pair.first, pair.second, is.subtract(was), {}};
    Connection lost{pair.first, pair.second, was.subtract(is), {}};
    if (!gained.ports.is_empty()) {
      gained.evidence = witnesses.find(gained, Access::Allowed);
      change.gained.push_back(std::move(gained));
    }
    if (!lost.ports.is_empty()) {
      lost.evidence = reasons_of_loss(witnesses, lost);
      change.lost.push_back(std::move(lost));
    }
  }
  for (const auto& [pair, reason] : undecided) {
    change.undecided.push_back({pair.first, pair.second, reason});
  }
  return change;
}

}  // namespace

ReachabilityChange compare(const Cluster& before, const Cluster& after) {
  return compare_within(before, after, {});
}

ReachabilityChange compare(const Snapshot& before, const Snapshot& after) {
  ReachScope scope;
  scope.touching = touched_namespaces(before, after);
  return compare_within(before.cluster, after.cluster, std::move(scope));
}

}  // namespace meshproof
