#include "solver/dialects/dialects.h"

#include <array>

namespace meshproof {
namespace {

// In the order of the enumerators of Dialect.
constexpr std::array<DialectRules, 3> kDialects{{
    {.dialect = Dialect::Kubernetes,
     .named_ports = NamedPorts::Resolve,
     .own_node_rule = "K-1",
     .selects = kubernetes_selects,
     .rule = rule_by_policies_of_both,
     .rule_multicast = kubernetes_multicast},
    {.dialect = Dialect::OpenShiftSdn,
     .named_ports = NamedPorts::Ignored,
     .ranges_admit_port_zero = true,
     .reads_ipv6_blocks = false,
     .selects_completed_pods = true,
     .oversized_policies_fail = true,
     .host_address_offset = 1,
     .own_node_rule = "SDN-G2",
     .selects = sdn_selects,
     .rule = sdn_rule,
     .rule_multicast = sdn_multicast,
     .rule_service = sdn_rule_service},
    {.dialect = Dialect::OvnKubernetes,
     .named_ports = NamedPorts::NoNumber,
     .types_limit_rules = false,
     .host_address_offset = 2,
     .own_node_rule = "OVN-11",
     .selects = ovn_selects,
     .rule = rule_by_policies_of_both,
     .rule_multicast = ovn_multicast},
}};

}  // namespace

const DialectRules& rules_of(Dialect dialect) {
  return kDialects.at(static_cast<std::size_t>(dialect));
}

PortSet special_ports(const Cluster& cluster) {
  PortSet ports;
  const Network& network = cluster.network;
  if (network.dialect != Dialect::OpenShiftSdn) return ports;
  ports.add(Protocol::Udp, {network.vxlan_port, network.vxlan_port});
  ports.add(Protocol::Tcp, kMachineConfigPorts);
  // SEMANTICS SDN-E5 is an exception from egress firewalls only.
  if (cluster.egress_policies.empty()) return ports;
  ports.add(Protocol::Tcp, {kDnsPort, kDnsPort});
  ports.add(Protocol::Udp, {kDnsPort, kDnsPort});
  return ports;
}

bool labels_select(const EvaluationContext& context, const PolicyPeer& peer, NamespaceId policy_ns,
                   const Pod& pod) {
  const bool namespace_matches =
      peer.namespaces ? matches(*peer.namespaces, context.ns(pod.ns).labels) : pod.ns == policy_ns;
  return namespace_matches && (!peer.pods || matches(*peer.pods, pod.labels));
}

Ruling rule_ingress(const EvaluationContext& context, const Packet& packet) {
  Match own_node = Match::no();
  if (packet.src.kind == End::Kind::Host) own_node = on_one_node(packet.src, packet.dst);
  // SEMANTICS H5: the address of the pod's own node can only stand for that node.
  if (packet.src.kind == End::Kind::Outside && packet.src.node.is_valid()) {
    own_node = Match::when(packet.src.node == packet.dst.node, "H5");
  }
  if (own_node.truth == Truth::Yes) {
    return ruling(Truth::Yes, Direction::Ingress, context.dialect.own_node_rule,
                  packet.src.name + " is the node that " + packet.dst.name +
                      " runs on, which no policy keeps out");
  }
  Ruling ingress = rule_by_policies(context, Direction::Ingress, packet);
  if (own_node.truth == Truth::Maybe && ingress.allows == Truth::No) {
    return ruling(Truth::Maybe, Direction::Ingress, own_node.rule_id,
                  own_node.why + ", and only its own node may reach " + packet.dst.name);
  }
  return ingress;
}

Rulings rule_by_policies_of_both(const EvaluationContext& context, const Packet& packet) {
  Rulings rulings;
  if (packet.src.is_pod()) {
    rulings.push_back(rule_by_policies(context, Direction::Egress, packet));
  }
  if (packet.dst.is_pod()) rulings.push_back(rule_ingress(context, packet));
  return rulings;
}

/// SEMANTICS F10: what egress policies forbid is not sent; all else the specification leaves open.
Ruling kubernetes_multicast(const EvaluationContext& context, const Packet& packet) {
  Ruling egress = rule_by_policies(context, Direction::Egress, packet);
  if (egress.allows != Truth::Yes) return egress;
  return ruling(Truth::Maybe, Direction::Egress, "F10",
                packet.dst.name + " is a multicast address, which the API does not speak of");
}

/// SEMANTICS K-2: only pods of the pod network are ever selected.
Match kubernetes_selects(const EvaluationContext& context, const PolicyPeer& peer,
                         NamespaceId policy_ns, Direction /*direction*/, const End& other) {
  if (!other.is_pod()) return Match::no("K-2");
  return Match::when(labels_select(context, peer, policy_ns, context.pod(other)),
                     peer.namespaces ? "P6" : "P7");
}

}  // namespace meshproof
