#include "cli/explain.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <variant>

namespace meshproof {
namespace {

constexpr std::uint16_t kLastPort = 65535;

/// Where the answer can change: the first port of every range that some object names, and the port
/// after its last.
std::vector<std::uint16_t> range_starts(const Cluster& cluster, Protocol protocol) {
  if (protocol == Protocol::Icmp) return {0};
  std::set<std::uint16_t> starts{1};
  const auto add = [&](Protocol of, std::uint16_t from, std::uint16_t to) {
    if (of != protocol) return;
    if (from > 0) starts.insert(from);
    if (to < kLastPort) starts.insert(static_cast<std::uint16_t>(to + 1));
  };
  for (const NetworkPolicy& policy : cluster.policies) {
    for (const Direction direction : {Direction::Ingress, Direction::Egress}) {
      for (const PolicyRule& rule : policy.rules(direction)) {
        for (const PolicyPort& port : rule.ports) {
          if (port.range) add(port.protocol, port.range->from, port.range->to);
        }
      }
    }
  }
  // Named ports and Services mean single numbers.
  for (const Pod& pod : cluster.pods) {
    for (const ContainerPort& port : pod.ports) add(port.protocol, port.port, port.port);
  }
  for (const Service& service : cluster.services) {
    for (const ServicePort& port : service.ports) add(port.protocol, port.port, port.port);
  }
  add(Protocol::Udp, cluster.network.vxlan_port, cluster.network.vxlan_port);
  return {starts.begin(), starts.end()};
}

/// What two pairs of ends must share to be told as one.
using Answer = std::vector<std::string>;

std::string words_of(const Decision& decision) {
  std::string words = std::to_string(static_cast<int>(decision.access));
  for (const Reason& reason : decision.reasons) {
    words += '|' + std::string(to_string(reason.direction)) + reason.policy + reason.rule_id;
    words += ',' + std::to_string(reason.rule) + ',' + std::to_string(reason.peer);
  }
  return words;
}

class Explanation {
 public:
  explicit Explanation(const Cluster& cluster) : cluster_(cluster), evaluator_(cluster) {
    for (const Protocol protocol : kProtocols) starts_[protocol] = range_starts(cluster, protocol);
  }

  void add(const FlowEnd& src, const FlowEnd& dst, std::optional<PortChoice> port) {
    Pair pair = port ? decide_one(src, dst, *port) : decide_all(src, dst);
    Answer answer;
    for (const DecidedFlow& flow : pair.flows) answer.push_back(words_of(flow.decision));
    answer.push_back(to_string(pair.open));
    const auto [at, is_new] = index_.try_emplace(std::move(answer), groups_.size());
    if (is_new) groups_.push_back({{}, {}, pair.open, std::move(pair.flows)});
    ExplainedGroup& group = groups_[at->second];
    add_name(group.sources, to_string(src, cluster_));
    add_name(group.destinations, to_string(dst, cluster_));
  }

  [[nodiscard]] std::vector<ExplainedGroup> groups() && { return std::move(groups_); }

 private:
  struct Pair {
    PortSet open;
    std::vector<DecidedFlow> flows;
  };

  static void add_name(std::vector<std::string>& names, std::string name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(std::move(name));
    }
  }

  [[nodiscard]] DecidedFlow decide(const FlowEnd& src, const FlowEnd& dst, Protocol protocol,
                                   std::uint16_t port) const {
    return {to_string(src, cluster_), to_string(dst, cluster_), protocol, port,
            evaluator_.evaluate({src, dst, protocol, port})};
  }

  [[nodiscard]] Pair decide_one(const FlowEnd& src, const FlowEnd& dst, PortChoice port) const {
    return {{}, {decide(src, dst, port.protocol, port.port)}};
  }

  /// A port that the destination declares is what a reader wants to see decided.
  [[nodiscard]] bool is_declared(const FlowEnd& dst, const DecidedFlow& flow) const {
    const PodId* pod = std::get_if<PodId>(&dst);
    if (pod == nullptr) return false;
    const std::vector<ContainerPort>& ports = cluster_.at(*pod).ports;
    return std::any_of(ports.begin(), ports.end(), [&](const ContainerPort& port) {
      return port.protocol == flow.protocol && port.port == flow.port;
    });
  }

  /// Every range of ports; one flow is kept for each answer, with a declared port where there is
  /// one.
  [[nodiscard]] Pair decide_all(const FlowEnd& src, const FlowEnd& dst) const {
    Pair pair;
    std::map<std::string, std::size_t> seen;
    for (const auto& [protocol, starts] : starts_) {
      for (std::size_t i = 0; i < starts.size(); ++i) {
        DecidedFlow flow = decide(src, dst, protocol, starts[i]);
        const bool last = i + 1 == starts.size();
        const std::uint16_t to = protocol == Protocol::Icmp ? std::uint16_t{0}
                                 : last                     ? kLastPort
                                        : static_cast<std::uint16_t>(starts[i + 1] - 1);
        if (flow.decision.access == Access::Allowed) pair.open.add(protocol, {starts[i], to});
        const auto [at, is_new] = seen.try_emplace(words_of(flow.decision), pair.flows.size());
        if (is_new) {
          pair.flows.push_back(std::move(flow));
        } else if (is_declared(dst, flow)) {
          pair.flows[at->second] = std::move(flow);
        }
      }
    }
    return pair;
  }

  const Cluster& cluster_;
  Evaluator evaluator_;
  std::map<Protocol, std::vector<std::uint16_t>> starts_;
  std::map<Answer, std::size_t> index_;
  std::vector<ExplainedGroup> groups_;
};

}  // namespace

std::vector<ExplainedGroup> explain_pairs(const Cluster& cluster, const std::vector<FlowEnd>& from,
                                          const std::vector<FlowEnd>& to,
                                          std::optional<PortChoice> port) {
  Explanation explanation(cluster);
  for (const FlowEnd& src : from) {
    for (const FlowEnd& dst : to) explanation.add(src, dst, port);
  }
  return std::move(explanation).groups();
}

}  // namespace meshproof
