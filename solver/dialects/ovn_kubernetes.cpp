#include <algorithm>

#include "solver/dialects/dialects.h"

/// OVN-Kubernetes: selectors become sets of addresses, and the packet's address is looked up.
namespace meshproof {
namespace {

/// SEMANTICS OVN-12, OVN-13: hostNetwork pods count with their node's address, unless the peer has
/// a namespaceSelector alone.
Match selects_host_pod(const EvaluationContext& context, const PolicyPeer& peer,
                       NamespaceId policy_ns, const End& other) {
  if (!peer.pods) return Match::no("OVN-13");
  bool unsure = false;
  for (const Pod& pod : context.cluster.pods) {
    if (!pod.host_network || pod.is_completed()) continue;
    if (!labels_select(context, peer, policy_ns, pod)) continue;
    const bool named = other.pod.is_valid() && &context.pod(other) == &pod;
    if (named || (pod.node.is_valid() && pod.node == other.node)) return Match::yes("OVN-13");
    unsure = unsure || !pod.node.is_valid() || !other.node.is_valid();
  }
  if (!unsure || other.kind != End::Kind::Host) return Match::no("OVN-13");
  return Match::maybe("OVN-13", "it is not known whether " + other.name +
                                    " is the node of a hostNetwork pod that the peer selects");
}

/// SEMANTICS OVN-11: the namespace that stands for the traffic of all hosts, by selector alone.
bool selects_all_hosts(const EvaluationContext& context, const PolicyPeer& peer) {
  if (!peer.namespaces || peer.pods) return false;
  const NamespaceId hosts = context.cluster.find_namespace(kHostNetworkNamespace);
  return hosts.is_valid() && matches(*peer.namespaces, context.ns(hosts).labels);
}

/// True for the management ports and join addresses, which host traffic to pods carries.
bool has_host_traffic_address(const EvaluationContext& context, const End& host) {
  if (host.through_service || !host.node.is_valid()) return host.through_service;
  const Node& node = context.cluster.at(host.node);
  return std::ranges::any_of(node.pod_subnets, [&](const Cidr& subnet) {
    return std::ranges::find(host.addresses, subnet.first().plus(2)) != host.addresses.end();
  });
}

}  // namespace

Match ovn_selects(const EvaluationContext& context, const PolicyPeer& peer, NamespaceId policy_ns,
                  Direction direction, const End& other) {
  if (other.is_pod()) {
    return Match::when(labels_select(context, peer, policy_ns, context.pod(other)),
                       peer.namespaces ? "P6" : "P7");
  }
  const bool is_host = other.kind == End::Kind::Host;
  const bool sends_as_host = is_host && direction == Direction::Ingress;
  if (sends_as_host || (is_host && has_host_traffic_address(context, other))) {
    return Match::when(selects_all_hosts(context, peer), "OVN-11");
  }
  // SEMANTICS OVN-9: selectors never match addresses outside, but for those of nodes.
  if (!is_host && !other.node.is_valid()) return Match::no("OVN-9");
  return selects_host_pod(context, peer, policy_ns, other);
}

/// SEMANTICS OVN-26: NetworkPolicies neither open nor close it.
Ruling ovn_multicast(const EvaluationContext& context, const Packet& packet) {
  const Namespace& ns = context.ns(context.pod(packet.src).ns);
  if (!ns.multicast) {
    return ruling(Truth::No, Direction::Egress, "OVN-26",
                  "multicast is not enabled for namespace " + ns.name);
  }
  return ruling(
      Truth::Maybe, Direction::Egress, "OVN-26",
      "multicast is enabled for namespace " + ns.name + ", and who listens to it is not modelled");
}

}  // namespace meshproof
