#pragma once

#include <optional>

#include "solver/evaluate_context.h"

/// What the dialects share, and the functions of their rows (dialects.cpp).
namespace meshproof {

/// SEMANTICS SDN-G5: of the machine-config server.
inline constexpr PortRange kMachineConfigPorts{22623, 22624};
inline constexpr std::uint16_t kDnsPort = 53;

/// SEMANTICS P6, P7: whether a peer's selectors select this pod by its labels.
[[nodiscard]] bool labels_select(const EvaluationContext& context, const PolicyPeer& peer,
                                 NamespaceId policy_ns, const Pod& pod);

/// SEMANTICS F2: egress of the source and ingress of the destination, where those are pods.
[[nodiscard]] Rulings rule_by_policies_of_both(const EvaluationContext& context,
                                               const Packet& packet);
/// SEMANTICS H2, P1: ingress of the destination, which its own node need not ask.
[[nodiscard]] Ruling rule_ingress(const EvaluationContext& context, const Packet& packet);

[[nodiscard]] Match kubernetes_selects(const EvaluationContext& context, const PolicyPeer& peer,
                                       NamespaceId policy_ns, Direction direction,
                                       const End& other);
[[nodiscard]] Match ovn_selects(const EvaluationContext& context, const PolicyPeer& peer,
                                NamespaceId policy_ns, Direction direction, const End& other);
[[nodiscard]] Match sdn_selects(const EvaluationContext& context, const PolicyPeer& peer,
                                NamespaceId policy_ns, Direction direction, const End& other);
[[nodiscard]] Ruling kubernetes_multicast(const EvaluationContext& context, const Packet& packet);
[[nodiscard]] Ruling ovn_multicast(const EvaluationContext& context, const Packet& packet);
[[nodiscard]] Ruling sdn_multicast(const EvaluationContext& context, const Packet& packet);
[[nodiscard]] Rulings sdn_rule(const EvaluationContext& context, const Packet& packet);
[[nodiscard]] Rulings sdn_rule_service(const EvaluationContext& context, const Service& service);

/// The virtual network id of a namespace (openshift_sdn_vnid.cpp).
struct Vnid {
  bool known = false;
  std::uint32_t value = 0;
};
/// SEMANTICS SDN-M4, SDN-P15: without a NetNamespace it is not known, but for `default`, which is
/// 0, and for inputs without any NetNamespace in NetworkPolicy mode: there each has its own.
[[nodiscard]] Vnid vnid_of(const EvaluationContext& context, NamespaceId ns);
/// Of the sender: 0 for hosts and outside (SDN-G3).
[[nodiscard]] Vnid vnid_of(const EvaluationContext& context, const End& end);
/// How many NetNamespaces have the id.
[[nodiscard]] std::size_t sharers_of(const EvaluationContext& context, Vnid vnid);
/// SEMANTICS SDN-P3, SDN-P4, SDN-P14: whether a namespaceSelector selects the source's VNID.
[[nodiscard]] Match selects_vnid(const EvaluationContext& context, const LabelSelector& selector,
                                 const End& source);
/// SEMANTICS SDN-P14: why the policies at this pod are undefined; empty if they are not.
[[nodiscard]] std::string undefined_policies(const EvaluationContext& context, NamespaceId ns);

/// SEMANTICS SDN-E1–SDN-E6 (openshift_sdn_egress.cpp); nothing if no firewall has a say.
[[nodiscard]] std::optional<Ruling> rule_by_firewall(const EvaluationContext& context,
                                                     const Packet& packet);

}  // namespace meshproof
