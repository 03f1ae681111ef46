#include <algorithm>

#include "solver/dialects/dialects.h"

/// OpenShift SDN: the data path that the modes share, and the modes.
namespace meshproof {
namespace {

/// SEMANTICS SDN-G4: packets to the VXLAN port never leave a pod.
bool is_vxlan(const EvaluationContext& context, const Packet& packet) {
  return packet.src.is_pod() && packet.protocol == Protocol::Udp &&
         packet.port == context.cluster.network.vxlan_port;
}

/// SEMANTICS SDN-G5: the host forwards nothing from pods to the machine-config server.
Match is_machine_config(const Packet& packet) {
  const bool is_port = packet.protocol == Protocol::Tcp &&
                       packet.port >= kMachineConfigPorts.from &&
                       packet.port <= kMachineConfigPorts.to;
  const bool forwarded = packet.through_service || !packet.dst.is_pod();
  if (!is_port || !packet.src.is_pod() || !forwarded) return Match::no();
  if (packet.dst.kind != End::Kind::Host) return Match::yes("SDN-G5");
  Match own_node = on_one_node(packet.src, packet.dst);
  if (own_node.truth == Truth::Maybe) return own_node;
  return Match::when(own_node.truth == Truth::No, "SDN-G5");
}

bool speaks_ipv6(const End& end) {
  return !end.addresses.empty() &&
         std::ranges::none_of(end.addresses, [](const IpAddress& a) { return a.is_v4(); });
}

/// What the data path drops in every mode.
std::optional<Ruling> rule_by_path(const EvaluationContext& context, const Packet& packet) {
  if (speaks_ipv6(packet.src) || speaks_ipv6(packet.dst)) {
    return ruling(Truth::No, Direction::Egress, "SDN-G6", "the OpenShift SDN carries IPv4 only");
  }
  if (is_vxlan(context, packet)) {
    return ruling(Truth::No, Direction::Egress, "SDN-G4",
                  "the SDN drops " + port_text(packet.protocol, packet.port) +
                      " of every pod: it is its own VXLAN port");
  }
  const Match machine_config = is_machine_config(packet);
  if (machine_config.truth == Truth::No) return std::nullopt;
  if (machine_config.truth == Truth::Maybe) {
    return ruling(Truth::Maybe, Direction::Egress, "SDN-G5",
                  machine_config.why + ", and other nodes are shut on " +
                      port_text(packet.protocol, packet.port));
  }
  return ruling(Truth::No, Direction::Egress, "SDN-G5",
                "nodes forward no " + port_text(packet.protocol, packet.port) +
                    " of pods: it belongs to the machine-config server");
}

std::string vnid_text(const std::string& name, Vnid vnid) {
  return name + (vnid.known ? " has network id " + std::to_string(vnid.value)
                            : " has no NetNamespace, so no known network id");
}

/// SEMANTICS SDN-M1–SDN-M4: the same network id, or 0 on either side.
Ruling rule_by_vnid(const EvaluationContext& context, const Packet& packet) {
  const Vnid src = vnid_of(context, packet.src);
  const Vnid dst = vnid_of(context, packet.dst);
  const std::string text =
      vnid_text(packet.src.name, src) + " and " + vnid_text(packet.dst.name, dst);
  const bool same_namespace =
      packet.src.is_pod() && context.pod(packet.src).ns == context.pod(packet.dst).ns;
  if (same_namespace) {
    return ruling(Truth::Yes, Direction::Ingress, "SDN-M1",
                  packet.src.name + " and " + packet.dst.name + " share their namespace's network");
  }
  const bool global = (src.known && src.value == 0) || (dst.known && dst.value == 0);
  if (global) return ruling(Truth::Yes, Direction::Ingress, "SDN-M2", text + ": 0 is global");
  if (!src.known || !dst.known) return ruling(Truth::Maybe, Direction::Ingress, "SDN-M4", text);
  return ruling(src.value == dst.value ? Truth::Yes : Truth::No, Direction::Ingress, "SDN-M1",
                text);
}

/// SEMANTICS SDN-P14: instead of policies whose network id several namespaces share.
Ruling rule_policies(const EvaluationContext& context, Direction direction, const Packet& packet) {
  const End& subject = direction == Direction::Ingress ? packet.dst : packet.src;
  const std::string undefined = undefined_policies(context, context.pod(subject).ns);
  if (!undefined.empty()) return ruling(Truth::Maybe, direction, "SDN-P14", undefined);
  if (direction == Direction::Ingress) return rule_ingress(context, packet);
  return rule_by_policies(context, direction, packet);
}

/// SEMANTICS SDN-C2: endpoints that are no pods are past the SDN once the Service is translated.
bool is_past_the_sdn(const Packet& packet) {
  return packet.through_service && !packet.dst.is_pod();
}

Rulings rule_multitenant(const EvaluationContext& context, const Packet& packet) {
  if (packet.dst.is_pod()) return {rule_by_vnid(context, packet)};
  if (auto firewall = rule_by_firewall(context, packet)) return {std::move(*firewall)};
  return {ruling(Truth::Yes, Direction::Egress, "SDN-M3",
                 "network ids do not keep " + packet.src.name + " from leaving the pod network")};
}

Rulings rule_networkpolicy(const EvaluationContext& context, const Packet& packet) {
  Rulings rulings;
  if (packet.src.is_pod()) {
    rulings.push_back(rule_policies(context, Direction::Egress, packet));
  }
  if (auto firewall = rule_by_firewall(context, packet)) rulings.push_back(std::move(*firewall));
  if (packet.dst.is_pod()) {
    rulings.push_back(rule_policies(context, Direction::Ingress, packet));
  }
  return rulings;
}

/// SEMANTICS SDN-P7: the pods that the SDN takes for the sender or receiver, by address.
std::vector<PodId> pods_with_address_of(const EvaluationContext& context, const End& end) {
  std::vector<PodId> result{end.pod};
  for (const IpAddress& address : end.addresses) {
    const auto holders = context.holders.find(address);
    if (holders == context.holders.end()) continue;
    for (const PodId id : holders->second) {
      if (id != end.pod) result.push_back(id);
    }
  }
  return result;
}

/// SEMANTICS SDN-P5, SDN-P7, SDN-P15: pods of the pod network, each by its address.
Match selects_by_address(const EvaluationContext& context, const PolicyPeer& peer,
                         NamespaceId policy_ns, const End& other) {
  if (!other.is_pod()) return Match::no("SDN-P5");
  Match best = Match::no(peer.namespaces ? "P6" : "P7");
  for (const PodId id : pods_with_address_of(context, other)) {
    const Pod& pod = context.cluster.at(id);
    if (!labels_select(context, peer, policy_ns, pod)) continue;
    const Vnid vnid = vnid_of(context, pod.ns);
    const bool shared = sharers_of(context, vnid) > 1;
    if (!peer.namespaces || (vnid.known && !shared)) {
      return Match::yes(id == other.pod ? best.rule_id : "SDN-P7");
    }
    const std::string ns = "namespace " + context.ns(pod.ns).name;
    best = shared ? Match::maybe("SDN-P14", ns + " shares its network id, so whether a "
                                                 "namespaceSelector selects it is undefined")
                  : Match::maybe("SDN-P15", ns + " has no NetNamespace yet, so no "
                                                 "namespaceSelector selects it");
  }
  return best;
}

}  // namespace

Match sdn_selects(const EvaluationContext& context, const PolicyPeer& peer, NamespaceId policy_ns,
                  Direction direction, const End& other) {
  const bool inwards = direction == Direction::Ingress;
  if (peer.namespaces && !peer.pods) {
    if (peer.namespaces->matches_everything()) return Match::yes("SDN-P2");
    if (inwards) return selects_vnid(context, *peer.namespaces, other);
  }
  const bool whole_namespace = !peer.namespaces && peer.pods && peer.pods->matches_everything();
  if (whole_namespace && inwards) {
    const Vnid own = vnid_of(context, policy_ns);
    const Vnid source = vnid_of(context, other);
    const bool inside = other.is_pod() && context.pod(other).ns == policy_ns;
    if (inside) return Match::yes("P7");
    return Match::when(own.known && source.known && own.value == source.value, "SDN-P6");
  }
  return selects_by_address(context, peer, policy_ns, other);
}

/// SEMANTICS SDN-G7.
Ruling sdn_multicast(const EvaluationContext& context, const Packet& packet) {
  const Namespace& ns = context.ns(context.pod(packet.src).ns);
  const SdnMode mode = context.cluster.network.mode;
  const auto is_enabled = [&](NetNamespaceId id) { return context.cluster.at(id).multicast; };
  const bool enabled =
      mode != SdnMode::Subnet && packet.dst.addresses.front().is_v4() &&
      ns.net_namespace.is_valid() &&
      std::ranges::all_of(
          context.net_namespaces_by_id.at(context.cluster.at(ns.net_namespace).netid), is_enabled);
  if (!enabled) {
    return ruling(Truth::No, Direction::Egress, "SDN-G7",
                  "multicast is not enabled for every namespace that shares the network id of " +
                      packet.src.name);
  }
  if (mode == SdnMode::NetworkPolicy) {
    Ruling egress = rule_policies(context, Direction::Egress, packet);
    if (egress.allows != Truth::Yes) return egress;
  }
  return ruling(
      Truth::Maybe, Direction::Egress, "SDN-G7",
      "multicast is enabled for namespace " + ns.name + ", and who listens to it is not modelled");
}

namespace {

/// What lets packets through that the path carries.
Rulings rule_by_mode(const EvaluationContext& context, const Packet& packet) {
  const SdnMode mode = context.cluster.network.mode;
  if (mode == SdnMode::Subnet) {
    return {ruling(Truth::Yes, Direction::Ingress, "SDN-S1",
                   "in mode subnet everything reaches everything")};
  }
  if (is_past_the_sdn(packet)) {
    return {
        ruling(Truth::Yes, Direction::Egress, "SDN-C2",
               packet.dst.name + " is behind a Service and no pod: the SDN does not look again")};
  }
  if (mode == SdnMode::Multitenant) return rule_multitenant(context, packet);
  return rule_networkpolicy(context, packet);
}

}  // namespace

Rulings sdn_rule(const EvaluationContext& context, const Packet& packet) {
  std::optional<Ruling> path = rule_by_path(context, packet);
  if (path && path->allows == Truth::No) return {std::move(*path)};
  Rulings rulings = rule_by_mode(context, packet);
  if (path) rulings.push_back(std::move(*path));
  return rulings;
}

}  // namespace meshproof
