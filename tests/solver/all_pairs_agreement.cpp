#include "tests/solver/all_pairs_agreement.h"

#include <array>

#include "solver/all_pairs.h"
#include "solver/evaluate.h"

namespace meshproof {
namespace {

/// An end, as both engines are asked about it.
struct Asked {
  PairEnd pair;
  FlowEnd flow;
  std::string name;
};

std::vector<Asked> ends_of(const Cluster& cluster, const std::vector<IpAddress>& outside) {
  std::vector<Asked> ends;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    if (cluster.pods[i].is_completed()) continue;
    ends.push_back({PairEnd::of(PodId{i}), PodId{i}, to_string(FlowEnd{PodId{i}}, cluster)});
  }
  for (std::uint32_t i = 0; i < cluster.nodes.size(); ++i) {
    ends.push_back({PairEnd::of(NodeId{i}), IpAddress{}, "node " + cluster.nodes[i].name});
  }
  for (std::size_t i = 0; i < outside.size(); ++i) {
    ends.push_back({PairEnd::of_outside(i), outside[i], outside[i].to_string()});
  }
  return ends;
}

Access ask(const Evaluator& evaluator, const Asked& src, const Asked& dst, Protocol protocol,
           std::uint16_t port) {
  if (src.pair.node.is_valid()) {
    return evaluator.evaluate_from_node(src.pair.node, dst.flow, protocol, port).access;
  }
  if (dst.pair.node.is_valid()) {
    return evaluator.evaluate_to_node(src.flow, dst.pair.node, protocol, port).access;
  }
  return evaluator.evaluate({src.flow, dst.flow, protocol, port}).access;
}

Access access_of(const PairPorts& ports, Protocol protocol, std::uint16_t port) {
  if (ports.open.contains(protocol, port)) return Access::Allowed;
  return ports.unknown.contains(protocol, port) ? Access::Unknown : Access::Denied;
}

constexpr std::array kWords{"denied", "allowed", "unknown"};

std::string words(Access access) { return kWords.at(static_cast<std::size_t>(access)); }

}  // namespace

Agreement compare_all_pairs(const Cluster& cluster, const std::vector<std::string>& outside,
                            const std::vector<std::uint16_t>& ports) {
  std::vector<IpAddress> addresses;
  for (const std::string& text : outside) addresses.push_back(IpAddress::parse(text).value());
  const Evaluator evaluator(cluster, PendingPods::WillRun);
  const AllPairs engine(cluster, addresses);
  Agreement result;
  const auto compare = [&](const Asked& src, const Asked& dst, const PairPorts& pair,
                           Protocol protocol, std::uint16_t port) {
    const Access truth = ask(evaluator, src, dst, protocol, port);
    const Access found = access_of(pair, protocol, port);
    ++result.flows;
    if (truth == Access::Allowed) ++result.open;
    if (truth == Access::Unknown) ++result.unknown;
    if (truth == found || !result.difference.empty()) return;
    result.difference = src.name + " to " + dst.name + " on " + std::string(to_string(protocol)) +
                        " " + std::to_string(port) + ": evaluate says " + words(truth) +
                        ", the engine " + words(found);
  };
  const std::vector<Asked> ends = ends_of(cluster, addresses);
  for (const Asked& src : ends) {
    for (const Asked& dst : ends) {
      if (!src.pair.pod.is_valid() && !dst.pair.pod.is_valid()) continue;
      const PairPorts pair = engine.between(src.pair, dst.pair);
      compare(src, dst, pair, Protocol::Icmp, 0);
      for (const std::uint16_t port : ports) {
        compare(src, dst, pair, Protocol::Tcp, port);
        compare(src, dst, pair, Protocol::Udp, port);
      }
    }
  }
  return result;
}

std::string compare_summary(const Cluster& cluster) {
  const AllPairs engine(cluster);
  const std::vector<Asked> pods = [&] {
    std::vector<Asked> ends = ends_of(cluster, {});
    std::erase_if(ends, [](const Asked& end) { return !end.pair.pod.is_valid(); });
    return ends;
  }();
  std::uint64_t allowed = 0;
  std::uint64_t undecided = 0;
  for (const Asked& src : pods) {
    for (const Asked& dst : pods) {
      if (src.pair.pod == dst.pair.pod) continue;
      const PairPorts ports = engine.between(src.pair, dst.pair);
      if (!ports.open.is_empty()) {
        ++allowed;
      } else if (!ports.unknown.is_empty()) {
        ++undecided;
      }
    }
  }
  const ReachSummary summary = engine.summarize();
  if (summary.pods == pods.size() && summary.allowed_pairs == allowed &&
      summary.undecided_pairs == undecided) {
    return {};
  }
  return std::to_string(pods.size()) + " pods, " + std::to_string(allowed) + " pairs allowed, " +
         std::to_string(undecided) + " undecided; the summary says " +
         std::to_string(summary.pods) + ", " + std::to_string(summary.allowed_pairs) + ", " +
         std::to_string(summary.undecided_pairs);
}

}  // namespace meshproof
