#include "solver/changed_rules.h"

#include <algorithm>
#include <tuple>

/// Everything is compared but for places, and for marks that only verdicts and reports look at.
namespace meshproof {
namespace {

bool same(const ContainerPort& a, const ContainerPort& b);
bool same(const PolicyPort& a, const PolicyPort& b);
bool same(const PolicyPeer& a, const PolicyPeer& b);
bool same(const PolicyRule& a, const PolicyRule& b);
bool same(const NetworkPolicy& a, const NetworkPolicy& b);
bool same(const EgressRule& a, const EgressRule& b);
bool same(const EgressNetworkPolicy& a, const EgressNetworkPolicy& b);
bool same(const Node& a, const Node& b);
bool same(const Workload& a, const Workload& b);
bool same(const Pod& a, const Pod& b);
bool same(const NetNamespace& a, const NetNamespace& b);
bool same(const Service& a, const Service& b);
bool same(const UnmodelledObject& a, const UnmodelledObject& b);

template <typename Thing>
bool all_same(const std::vector<Thing>& a, const std::vector<Thing>& b) {
  return std::ranges::equal(a, b, [](const Thing& x, const Thing& y) { return same(x, y); });
}

bool same(const ContainerPort& a, const ContainerPort& b) {
  return std::tie(a.name, a.protocol, a.port) == std::tie(b.name, b.protocol, b.port);
}

bool same(const std::optional<LabelSelector>& a, const std::optional<LabelSelector>& b) {
  if (a.has_value() != b.has_value()) return false;
  return !a || a->requirements == b->requirements;
}

bool same(const std::optional<IpBlock>& a, const std::optional<IpBlock>& b) {
  if (a.has_value() != b.has_value()) return false;
  return !a || std::tie(a->cidr, a->except) == std::tie(b->cidr, b->except);
}

bool same(const PolicyPort& a, const PolicyPort& b) {
  return std::tie(a.protocol, a.range, a.name) == std::tie(b.protocol, b.range, b.name);
}

bool same(const PolicyPeer& a, const PolicyPeer& b) {
  return same(a.namespaces, b.namespaces) && same(a.pods, b.pods) && same(a.block, b.block);
}

bool same(const PolicyRule& a, const PolicyRule& b) {
  return all_same(a.peers, b.peers) && all_same(a.ports, b.ports);
}

bool same(const NetworkPolicy& a, const NetworkPolicy& b) {
  return a.name == b.name && say_the_same(a, b);
}

bool same(const EgressRule& a, const EgressRule& b) {
  return std::tie(a.allow, a.cidr, a.dns_name) == std::tie(b.allow, b.cidr, b.dns_name);
}

bool same(const EgressNetworkPolicy& a, const EgressNetworkPolicy& b) {
  return std::tie(a.ns, a.name) == std::tie(b.ns, b.name) && all_same(a.rules, b.rules);
}

bool same(const Node& a, const Node& b) {
  return std::tie(a.name, a.labels, a.addresses, a.pod_subnets, a.subnet_assumed) ==
         std::tie(b.name, b.labels, b.addresses, b.pod_subnets, b.subnet_assumed);
}

bool same(const Workload& a, const Workload& b) {
  return std::tie(a.ns, a.kind, a.name, a.pods) == std::tie(b.ns, b.kind, b.name, b.pods);
}

bool same(const Pod& a, const Pod& b) {
  return std::tie(a.ns, a.name, a.workload, a.labels, a.addresses, a.node, a.phase, a.host_network,
                  a.stand_in) == std::tie(b.ns, b.name, b.workload, b.labels, b.addresses, b.node,
                                          b.phase, b.host_network, b.stand_in) &&
         all_same(a.ports, b.ports);
}

bool same(const NetNamespace& a, const NetNamespace& b) {
  return std::tie(a.name, a.netid, a.pending_change, a.multicast) ==
         std::tie(b.name, b.netid, b.pending_change, b.multicast);
}

/// As far as it says which addresses are not outside.
bool same(const Service& a, const Service& b) {
  return std::tie(a.ns, a.name, a.cluster_ips) == std::tie(b.ns, b.name, b.cluster_ips);
}

bool same(const UnmodelledObject& a, const UnmodelledObject& b) {
  return std::tie(a.key, a.only_denies, a.ns) == std::tie(b.key, b.only_denies, b.ns);
}

/// But for its labels and rules.
bool is_same_namespace(const Namespace& a, const Namespace& b) {
  return std::tie(a.name, a.net_namespace, a.pods) == std::tie(b.name, b.net_namespace, b.pods);
}

/// Every symbol of `a` means the same in `b`.
bool extends(const SymbolTable& b, const SymbolTable& a) {
  if (b.size() < a.size()) return false;
  for (std::uint32_t i = 0; i < a.size(); ++i) {
    if (a.text({i}) != b.text({i})) return false;
  }
  return true;
}

bool have_same_pods(const Cluster& a, const Cluster& b) {
  return extends(b.symbols, a.symbols) &&
         std::ranges::equal(a.namespaces, b.namespaces, is_same_namespace) &&
         all_same(a.workloads, b.workloads) && all_same(a.pods, b.pods);
}

bool have_same_ends(const Cluster& a, const Cluster& b) {
  return a.network == b.network && have_same_pods(a, b) && all_same(a.nodes, b.nodes) &&
         all_same(a.services, b.services) && all_same(a.net_namespaces, b.net_namespaces) &&
         all_same(a.unmodelled, b.unmodelled);
}

template <typename Rule>
bool same_rules(const Cluster& before, const std::vector<Id<Rule>>& old_rules, const Cluster& after,
                const std::vector<Id<Rule>>& new_rules) {
  return std::ranges::equal(old_rules, new_rules, [&](Id<Rule> a, Id<Rule> b) {
    return same(before.at(a), after.at(b));
  });
}

}  // namespace

bool say_the_same(const NetworkPolicy& one, const NetworkPolicy& other) {
  return std::tie(one.ns, one.isolates_ingress, one.isolates_egress) ==
             std::tie(other.ns, other.isolates_ingress, other.isolates_egress) &&
         one.pods.requirements == other.pods.requirements && all_same(one.ingress, other.ingress) &&
         all_same(one.egress, other.egress);
}

std::optional<std::vector<NamespaceId>> changed_rules(const Cluster& before, const Cluster& after) {
  if (!have_same_ends(before, after)) return std::nullopt;
  std::vector<NamespaceId> changed;
  for (std::uint32_t i = 0; i < before.namespaces.size(); ++i) {
    const Namespace& was = before.namespaces[i];
    const Namespace& is = after.namespaces[i];
    const bool is_same = was.labels == is.labels && was.multicast == is.multicast &&
                         same_rules(before, was.policies, after, is.policies) &&
                         same_rules(before, was.egress_policies, after, is.egress_policies);
    if (!is_same) changed.push_back({i});
  }
  return changed;
}

bool is_under_another_network(const Cluster& before, const Cluster& after) {
  const auto has_same_name = [](const Node& a, const Node& b) { return a.name == b.name; };
  const auto has_same_labels = [](const Namespace& a, const Namespace& b) {
    return a.labels == b.labels;
  };
  return before.network != after.network && have_same_pods(before, after) &&
         before.symbols.size() == after.symbols.size() &&
         std::ranges::equal(before.nodes, after.nodes, has_same_name) &&
         std::ranges::equal(before.namespaces, after.namespaces, has_same_labels) &&
         all_same(before.policies, after.policies);
}

}  // namespace meshproof
