#include "solver/deviations.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "solver/evaluate_context.h"

namespace meshproof {
namespace {

constexpr std::array kDirections{Direction::Ingress, Direction::Egress};
constexpr std::uint32_t kSomeAddress = 0xCB007101;  // 203.0.113.1, which is documentation's

std::string_view network_name(Dialect dialect) {
  return dialect == Dialect::OpenShiftSdn ? "the OpenShift SDN" : "OVN-Kubernetes";
}

std::string field_of(Direction direction, std::size_t rule) {
  return fmt::format("{}[{}]", direction == Direction::Ingress ? "ingress" : "egress", rule);
}

bool names_all_ports(const PolicyRule& rule) {
  return std::ranges::none_of(rule.ports, [](const PolicyPort& port) { return port.name.empty(); });
}

bool has_number(const PolicyRule& rule, Protocol protocol) {
  return std::ranges::any_of(rule.ports, [&](const PolicyPort& port) {
    return port.protocol == protocol && port.range.has_value();
  });
}

/// A selector that says only what a project must not have, or nothing at all, is not meant for the
/// namespace that stands for hosts.
bool names_nothing(const LabelSelector& selector) {
  return std::ranges::all_of(selector.requirements, [](const LabelRequirement& each) {
    return each.op == LabelOperator::NotIn || each.op == LabelOperator::DoesNotExist;
  });
}

std::string_view subject_of(const PolicyPeer& peer) {
  if (peer.namespaces && peer.pods) return "a peer with both selectors";
  return peer.namespaces ? "a namespaceSelector alone" : "a podSelector alone";
}

/// Looks through the policies one by one.
class Search {
 public:
  Search(const Cluster& cluster, Dialect dialect)
      : cluster_(cluster), context_(cluster, PendingPods::WillRun), rules_(rules_of(dialect)) {
    for (const Pod& pod : cluster.pods) {
      if (pod.host_network && !pod.is_completed()) host_pods_.push_back(&pod);
    }
  }

  std::vector<PolicyDeviation> run() {
    for (std::uint32_t i = 0; i < cluster_.policies.size(); ++i) {
      policy_ = {i};
      for (const Direction direction : kDirections) look_at(cluster_.policies[i], direction);
    }
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool is_sdn() const { return rules_.dialect == Dialect::OpenShiftSdn; }

  void add(DeviationKind kind, std::string_view rule_id, std::string text, Place place) {
    found_.push_back({policy_, kind, rule_id, std::move(text), place});
  }

  void look_at(const NetworkPolicy& policy, Direction direction) {
    const std::vector<PolicyRule>& rules = policy.rules(direction);
    if (rules.empty()) return;
    if (!policy.isolates(direction)) {
      if (rules_.types_limit_rules) return;
      if (is_isolated_by_others(policy, direction)) {
        add(DeviationKind::OtherTypes, "OVN-3",
            fmt::format(
                "policyTypes does not list {}, but OVN-Kubernetes adds its {} rules to what "
                "other policies admit",
                to_string(direction), direction == Direction::Ingress ? "ingress" : "egress"),
            policy.place);
      }
    }
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const std::string field = field_of(direction, i);
      look_at_ports(rules[i], field);
      for (std::size_t peer = 0; peer < rules[i].peers.size(); ++peer) {
        const std::string_view list = direction == Direction::Ingress ? "from" : "to";
        look_at_peer(policy, rules[i].peers[peer], direction,
                     fmt::format("{}.{}[{}]", field, list, peer));
      }
    }
  }

  void look_at_ports(const PolicyRule& rule, const std::string& field) {
    if (rules_.named_ports == NamedPorts::Resolve) return;
    if (is_sdn() && !rule.ports.empty() && names_all_ports(rule)) {
      std::string names;
      for (const PolicyPort& port : rule.ports) names += (names.empty() ? "" : ", ") + port.name;
      add(DeviationKind::NamedPort, "SDN-P1",
          fmt::format("{} has only ports with names ({}), which the OpenShift SDN ignores: it "
                      "admits nothing",
                      field, names),
          rule.ports.front().place);
      return;
    }
    for (std::size_t i = 0; i < rule.ports.size(); ++i) {
      look_at_port(rule, i, fmt::format("{}.ports[{}]", field, i));
    }
  }

  void look_at_port(const PolicyRule& rule, std::size_t index, const std::string& field) {
    const PolicyPort& port = rule.ports[index];
    if (port.range || (port.name.empty() && is_sdn())) return;
    const bool ignored = is_sdn() || has_number(rule, port.protocol);
    const std::string_view protocol = to_string(port.protocol);
    if (port.name.empty()) {
      if (!ignored) return;
      add(DeviationKind::NoPort, "OVN-4",
          fmt::format("{} means all of {}, which OVN-Kubernetes ignores beside entries with a "
                      "number",
                      field, protocol),
          port.place);
      return;
    }
    add(DeviationKind::NamedPort, is_sdn() ? "SDN-P1" : "OVN-4",
        ignored ? fmt::format("{} is the port named {}, which {} ignores{}", field, port.name,
                              network_name(rules_.dialect),
                              is_sdn() ? "" : " beside entries with a number")
                : fmt::format("{} is the port named {}, for which OVN-Kubernetes opens all of {}",
                              field, port.name, protocol),
        port.place);
  }

  void look_at_peer(const NetworkPolicy& policy, const PolicyPeer& peer, Direction direction,
                    const std::string& field) {
    if (peer.block) {
      if (peer.block->cidr.first().is_v4() || rules_.reads_ipv6_blocks) return;
      add(DeviationKind::SkippedBlock, "SDN-P11",
          fmt::format("{} is the IPv6 block {}, which the OpenShift SDN skips", field,
                      peer.block->cidr.to_string()),
          peer.place);
      return;
    }
    if (!peer.namespaces && !peer.pods) return;
    const Match outside = selects(policy, peer, direction, End::Kind::Outside);
    if (outside.truth != Truth::No) {
      add(DeviationKind::Hosts, outside.rule_id,
          fmt::format("{} is {} that also means nodes and addresses outside of the cluster", field,
                      subject_of(peer)),
          peer.place);
    } else if (direction == Direction::Ingress) {
      look_for_hosts(policy, peer, field);
    } else {
      look_for_node(policy, peer, field);
    }
  }

  void look_for_hosts(const NetworkPolicy& policy, const PolicyPeer& peer,
                      const std::string& field) {
    // Who names the namespace that stands for the hosts means them.
    if (peer.namespaces && !names_nothing(*peer.namespaces)) return;
    const Match hosts = selects(policy, peer, Direction::Ingress, End::Kind::Host);
    if (hosts.truth == Truth::No) return;
    add(DeviationKind::Hosts, hosts.rule_id,
        fmt::format("{} is {} that also means the nodes", field, subject_of(peer)), peer.place);
  }

  /// SEMANTICS OVN-13: the address of a hostNetwork pod is that of its node.
  void look_for_node(const NetworkPolicy& policy, const PolicyPeer& peer,
                     const std::string& field) {
    if (is_sdn() || !peer.pods) return;
    const auto pod = std::ranges::find_if(host_pods_, [&](const Pod* each) {
      const bool is_there = peer.namespaces
                                ? matches(*peer.namespaces, cluster_.at(each->ns).labels)
                                : each->ns == policy.ns;
      return is_there && matches(*peer.pods, each->labels);
    });
    if (pod == host_pods_.end()) return;
    add(DeviationKind::Hosts, "OVN-13",
        fmt::format("{} selects {}/{}, which is on its node's network: it opens all processes of "
                    "the node",
                    field, cluster_.at((*pod)->ns).name, (*pod)->name),
        peer.place);
  }

  [[nodiscard]] Match selects(const NetworkPolicy& policy, const PolicyPeer& peer,
                              Direction direction, End::Kind kind) const {
    End end;
    end.kind = kind;
    end.through_service = kind == End::Kind::Host;
    end.addresses = {IpAddress::v4(kSomeAddress)};
    return rules_.selects(context_, peer, policy.ns, direction, end);
  }

  [[nodiscard]] bool is_isolated_by_others(const NetworkPolicy& policy, Direction direction) const {
    const Namespace& ns = cluster_.at(policy.ns);
    return std::ranges::any_of(ns.pods, [&](PodId id) {
      const Labels& labels = cluster_.at(id).labels;
      if (cluster_.at(id).host_network || !matches(policy.pods, labels)) return false;
      return std::ranges::any_of(ns.policies, [&](PolicyId other) {
        return cluster_.at(other).isolates(direction) && matches(cluster_.at(other).pods, labels);
      });
    });
  }

  const Cluster& cluster_;
  const EvaluationContext context_;
  const DialectRules& rules_;
  std::vector<const Pod*> host_pods_;
  PolicyId policy_;
  std::vector<PolicyDeviation> found_;
};

}  // namespace

std::vector<PolicyDeviation> find_deviations(const Cluster& cluster, Dialect dialect) {
  if (dialect == Dialect::Kubernetes || cluster.policies.empty()) return {};
  return Search(cluster, dialect).run();
}

}  // namespace meshproof
