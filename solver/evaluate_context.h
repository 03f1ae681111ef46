#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/cluster.h"
#include "model/flow.h"
#include "solver/evaluate.h"

/// The words that the files of the evaluator share. Nothing outside of them includes this.
namespace meshproof {

/// SEMANTICS F9: No < Maybe < Yes, so "and" is the smaller and "or" the larger of two.
enum class Truth : std::uint8_t { No, Maybe, Yes };

/// Whether one thing holds, by which rule of docs/SEMANTICS.md, and why where that needs words:
/// always for Maybe, for the others only where a dialect deviates.
struct Match {
  Truth truth = Truth::No;
  std::string_view rule_id;
  std::string why;

  static Match yes(std::string_view rule_id) { return {Truth::Yes, rule_id, {}}; }
  static Match no(std::string_view rule_id = {}) { return {Truth::No, rule_id, {}}; }
  static Match when(bool holds, std::string_view rule_id) {
    return holds ? yes(rule_id) : no(rule_id);
  }
  static Match maybe(std::string_view rule_id, std::string why) {
    return {Truth::Maybe, rule_id, std::move(why)};
  }
};

/// One end of a packet, as the network sees it.
struct End {
  enum class Kind : std::uint8_t {
    Pod,      ///< on the pod network
    Host,     ///< a node: its processes and hostNetwork pods
    Outside,  ///< an address that is neither
    Nobody,   ///< nothing sends from here and nothing answers
  };
  Kind kind = Kind::Outside;
  PodId pod;    ///< the pod; of a Host the hostNetwork pod that was named, if any
  NodeId node;  ///< of the pod or host; of an Outside the node whose address it is, if any
  std::vector<IpAddress> addresses;  ///< that the packet may carry; empty: not known
  std::vector<Cidr> within;          ///< where an address that is not known lies; empty: anywhere
  bool through_service = false;      ///< OVN-17: the host sends through a Service
  std::string name;                  ///< for sentences: `shop/web`, `203.0.113.9`
  std::string_view rule_id;          ///< of a Nobody
  std::string nobody_because;

  [[nodiscard]] bool is_pod() const { return kind == Kind::Pod; }
};

/// One packet of a new connection, after all translation.
struct Packet {
  End src;
  End dst;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  bool through_service = false;
};

/// What one mechanism (the policies of one direction, a VNID, an egress firewall) says.
struct Ruling {
  Truth allows = Truth::Yes;
  std::vector<Reason> reasons;  ///< at least one
};
using Rulings = std::vector<Ruling>;

enum class NamedPorts : std::uint8_t {
  Resolve,   ///< P11
  Ignored,   ///< SDN-P1
  NoNumber,  ///< OVN-4
};

/// How a dialect reads what all of them share. One row for each dialect (evaluate_dialects.cpp).
struct DialectRules {
  Dialect dialect = Dialect::Kubernetes;
  NamedPorts named_ports = NamedPorts::Resolve;
  bool types_limit_rules = true;         ///< P2; OVN-3: false
  bool ranges_admit_port_zero = false;   ///< SDN-P10
  bool reads_ipv6_blocks = true;         ///< SDN-P11: false
  bool selects_completed_pods = false;   ///< SDN-P7
  bool oversized_policies_fail = false;  ///< SDN-P8
  /// Host traffic leaves a node with this address of its pod subnet; 0: with the node's address.
  unsigned host_address_offset = 0;
  std::string_view own_node_rule;  ///< why a node always reaches its own pods
  /// Whether the selectors of a peer select the other end of a packet.
  Match (*selects)(const EvaluationContext& context, const PolicyPeer& peer, NamespaceId policy_ns,
                   Direction direction, const End& other) = nullptr;
  /// Everything that has a say about a packet between two different ends, at least one of them a
  /// pod of the pod network.
  Rulings (*rule)(const EvaluationContext& context, const Packet& packet) = nullptr;
  /// What a multicast packet of a pod meets (F10); never Yes: who listens is not modelled.
  Ruling (*rule_multicast)(const EvaluationContext& context, const Packet& packet) = nullptr;
  /// What may keep a Service from being offered to this source at all.
  Rulings (*rule_service)(const EvaluationContext& context, const Service& service) = nullptr;
};
[[nodiscard]] const DialectRules& rules_of(Dialect dialect);

/// A cluster, indexed for the evaluator.
struct EvaluationContext {
  EvaluationContext(const Cluster& the_cluster, PendingPods the_pending);

  const Cluster& cluster;
  const DialectRules& dialect;
  PendingPods pending;
  /// Pods of the pod network, completed ones too, by address, in id order.
  std::map<IpAddress, std::vector<PodId>> holders;
  std::vector<PodId> host_pods;  ///< hostNetwork pods that have not completed, in id order
  std::map<std::uint32_t, std::vector<NetNamespaceId>> net_namespaces_by_id;
  /// By the virtual network id that is known or assumed; in id order.
  std::map<std::uint32_t, std::vector<NamespaceId>> namespaces_by_vnid;
  /// SDN-P8, found when first needed: 0 not yet, 1 fits, 2 oversized.
  mutable std::vector<std::uint8_t> oversized;

  [[nodiscard]] const Pod& pod(const End& end) const { return cluster.at(end.pod); }
  [[nodiscard]] const Namespace& ns(NamespaceId id) const { return cluster.at(id); }
  /// The running pod of the pod network that has the address; invalid if there is none.
  [[nodiscard]] PodId running_pod_at(const IpAddress& address) const;
};

/// Who is at this end (evaluate_ends.cpp).
[[nodiscard]] End source_end(const EvaluationContext& context, const FlowEnd& end);
[[nodiscard]] End destination_end(const EvaluationContext& context, const FlowEnd& end);
/// Whether an address lies in the pod network, as far as the input tells.
[[nodiscard]] bool is_on_pod_network(const EvaluationContext& context, const IpAddress& address);
/// The Service that an address or a Service end means; invalid if none.
[[nodiscard]] ServiceId service_at(const EvaluationContext& context, const FlowEnd& end);
[[nodiscard]] End source_node(const EvaluationContext& context, NodeId node);
[[nodiscard]] End destination_node(const EvaluationContext& context, NodeId node);
/// SEMANTICS OVN-17: the host, as the endpoints of a Service with a cluster IP see it.
[[nodiscard]] End sent_through_service(End host);
/// SEMANTICS H2: both ends are known to be on one node; Maybe if a node is not known.
[[nodiscard]] Match on_one_node(const End& a, const End& b);

/// Judges a packet (evaluate.cpp).
[[nodiscard]] Decision judge(const EvaluationContext& context, const Packet& packet);
/// The verdict of several rulings that must all allow.
[[nodiscard]] Decision combine(Rulings rulings);

/// SEMANTICS S1–S6 (evaluate_services.cpp).
[[nodiscard]] Decision judge_service(const EvaluationContext& context, const End& src,
                                     const Service& service, Protocol protocol, std::uint16_t port);

/// SEMANTICS P1–P4: the policies of one direction at the pod that they protect: of ingress the
/// destination, of egress the source (evaluate_policies.cpp).
[[nodiscard]] Ruling rule_by_policies(const EvaluationContext& context, Direction direction,
                                      const Packet& packet);
/// Whether a policy selects a pod: by its labels, and in a dialect that keeps completed pods, by
/// an address that it took over from one.
[[nodiscard]] bool selects_subject(const EvaluationContext& context, const NetworkPolicy& policy,
                                   const End& subject);

/// SEMANTICS SDN-P8: the policy makes so many flows that the SDN drops them (dialects/).
[[nodiscard]] bool is_oversized(const EvaluationContext& context, PolicyId id);

/// SEMANTICS P5–P9 (evaluate_peers.cpp).
[[nodiscard]] Match peer_matches(const EvaluationContext& context, const PolicyPeer& peer,
                                 NamespaceId policy_ns, Direction direction, const End& other);
[[nodiscard]] Match block_matches(const EvaluationContext& context, const IpBlock& block,
                                  const End& other);

/// SEMANTICS P10–P12 (evaluate_ports.cpp).
struct PortMatch {
  Match match;
  int index = -1;
};
[[nodiscard]] PortMatch ports_match(const EvaluationContext& context,
                                    const std::vector<PolicyPort>& ports, const Packet& packet);

/// A ruling with one reason.
[[nodiscard]] Ruling ruling(Truth allows, Direction direction, std::string_view rule_id,
                            std::string text);
/// Adds a reason: what was found out before `decision` was made.
void explain_first(Decision& decision, Reason reason);
/// `TCP 8080`, `ICMP`.
[[nodiscard]] std::string port_text(Protocol protocol, std::uint16_t port);

}  // namespace meshproof
