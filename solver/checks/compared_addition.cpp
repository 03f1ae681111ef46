#include "solver/checks/compared_addition.h"

#include <algorithm>
#include <map>
#include <optional>

#include "solver/evaluate.h"
#include "solver/kept_rules.h"
#include "solver/reachability.h"

namespace meshproof {
namespace {

/// Finds what an end of a connection is.
class NamedEnds {
 public:
  explicit NamedEnds(const Cluster& cluster) : cluster_(cluster) {
    for (std::uint32_t i = 0; i < cluster.workloads.size(); ++i) {
      const Workload& each = cluster.workloads[i];
      workloads_[{cluster.at(each.ns).name, each.kind, each.name, {}}] = {i};
    }
    for (std::uint32_t i = 0; i < cluster.nodes.size(); ++i) {
      nodes_[cluster.nodes[i].name] = {i};
    }
  }

  /// Whether some pod of the workload is meant.
  [[nodiscard]] bool is_subject(const EndpointName& end, const KeptRule& rule) const {
    return any_pod(end, [&](PodId pod) { return meshproof::is_subject(cluster_, rule, pod); });
  }

  [[nodiscard]] bool is_peer(const EndpointName& end, const KeptRule& rule) const {
    if (!end.cidr.empty()) {
      const std::optional<Cidr> block = Cidr::parse(end.cidr);
      return block && rule.peer.block && rule.peer.block->cidr.contains(*block);
    }
    if (end.ns.empty() && end.kind == "Node") {
      const auto node = nodes_.find(end.name);
      return node != nodes_.end() && meshproof::is_peer(cluster_, rule, node->second);
    }
    return any_pod(end, [&](PodId pod) { return meshproof::is_peer(cluster_, rule, pod); });
  }

  /// Every pod of a workload, an address of a block; nothing for a node.
  [[nodiscard]] std::vector<FlowEnd> members_of(const EndpointName& end) const {
    if (const auto block = Cidr::parse(end.cidr)) return {block->first()};
    const auto workload = workloads_.find(end);
    if (workload == workloads_.end()) return {};
    const std::vector<PodId>& pods = cluster_.at(workload->second).pods;
    return {pods.begin(), pods.end()};
  }
  [[nodiscard]] NodeId node_of(const EndpointName& end) const {
    const auto node = nodes_.find(end.name);
    return end.kind == "Node" && node != nodes_.end() ? node->second : NodeId{};
  }

 private:
  template <typename Test>
  [[nodiscard]] bool any_pod(const EndpointName& end, const Test& test) const {
    const auto workload = workloads_.find(end);
    return workload != workloads_.end() &&
           std::ranges::any_of(cluster_.at(workload->second).pods, test);
  }

  const Cluster& cluster_;
  std::map<EndpointName, WorkloadId> workloads_;
  std::map<std::string, NodeId> nodes_;
};

bool is_meant(const Connection& gained, const std::vector<KeptRule>& rules, const NamedEnds& ends) {
  PortSet left = gained.ports;
  for (const KeptRule& rule : rules) {
    const bool inwards = rule.direction == Direction::Ingress;
    const EndpointName& subject = inwards ? gained.dst : gained.src;
    const EndpointName& peer = inwards ? gained.src : gained.dst;
    if (!ends.is_subject(subject, rule) || !ends.is_peer(peer, rule)) continue;
    left = left.subtract(rule.ports);
  }
  return left.is_empty();
}

/// Whether some flow between the ends cannot be decided, by this evaluator.
bool is_undecided(const Reachability::Undecided& pair, const NamedEnds& ends,
                  const Evaluator& evaluator) {
  const NodeId src_node = ends.node_of(pair.src);
  const NodeId dst_node = ends.node_of(pair.dst);
  const std::vector<FlowEnd> sources = ends.members_of(pair.src);
  const std::vector<FlowEnd> targets = ends.members_of(pair.dst);
  const auto is_unknown = [](const Decision& decision) {
    return decision.access == Access::Unknown;
  };
  for (const Protocol protocol : kProtocols) {
    for (const PortRange range : pair.ports.ranges(protocol)) {
      for (const FlowEnd& dst : targets) {
        if (src_node.is_valid() &&
            is_unknown(evaluator.evaluate_from_node(src_node, dst, protocol, range.from))) {
          return true;
        }
      }
      for (const FlowEnd& src : sources) {
        if (dst_node.is_valid() &&
            is_unknown(evaluator.evaluate_to_node(src, dst_node, protocol, range.from))) {
          return true;
        }
        for (const FlowEnd& dst : targets) {
          if (is_unknown(evaluator.evaluate({src, dst, protocol, range.from}))) return true;
        }
      }
    }
  }
  return false;
}

/// A pod whose address is not known may lie in a block of the policies. If it does it is meant, so
/// that nothing is open which is not.
bool hangs_on_block(const Reachability::Undecided& pair, const std::vector<KeptRule>& rules,
                    const NamedEnds& ends) {
  return std::ranges::any_of(rules, [&](const KeptRule& rule) {
    const bool inwards = rule.direction == Direction::Ingress;
    return rule.peer.block && rule.peer.block_holds_pods &&
           ends.is_subject(inwards ? pair.dst : pair.src, rule);
  });
}

Violated violated_by(const Connection& connection, std::vector<Reason> reasons,
                     std::uint64_t count) {
  Violated result{to_string(connection.src),
                  to_string(connection.dst),
                  Protocol::Tcp,
                  0,
                  std::move(reasons),
                  {},
                  count};
  for (const Protocol protocol : kProtocols) {
    if (connection.ports.ranges(protocol).empty()) continue;
    result.protocol = protocol;
    result.port = connection.ports.ranges(protocol).front().from;
    break;
  }
  return result;
}

}  // namespace

Finding compare_addition(const Snapshot& without, const Snapshot& with,
                         const std::vector<KeptRule>& rules) {
  const ReachabilityChange change = compare(without, with);
  const NamedEnds ends(with.cluster);
  const Evaluator evaluator(without.cluster, PendingPods::WillRun);
  for (const Reachability::Undecided& pair : change.undecided) {
    if (is_undecided(pair, ends, evaluator) || hangs_on_block(pair, rules, ends)) continue;
    return Undecided{to_string(pair.src) + " → " + to_string(pair.dst) + ": " + pair.reason};
  }
  std::optional<Violated> violated;
  change.lost.for_each([&](const Connection& lost) {
    violated = violated_by(lost, change.lost.evidence_of(lost), change.lost.count());
    return false;
  });
  if (violated) return *violated;
  std::uint64_t gained = 0;
  change.gained.for_each([&](const Connection& each) {
    ++gained;
    if (is_meant(each, rules, ends)) return true;
    violated = violated_by(each, change.gained.evidence_of(each), 1);
    return false;
  });
  if (violated) return *violated;
  std::string scope = "between workloads, nodes and addresses of the input " +
                      std::to_string(gained) +
                      (gained == 1 ? " connection becomes" : " connections become") +
                      " possible, each of them meant";
  if (!change.undecided.empty()) {
    scope += "; " + std::to_string(change.undecided.size()) +
             (change.undecided.size() == 1 ? " that the input does not decide is not spoken of"
                                           : " that the input does not decide are not spoken of");
  }
  return Holds{Universe::Enumerated, std::move(scope)};
}

}  // namespace meshproof
