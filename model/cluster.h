#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/id.h"
#include "model/ip.h"
#include "model/label.h"
#include "model/network.h"
#include "model/object.h"
#include "model/port_set.h"
#include "model/source.h"
#include "model/symbol.h"

namespace meshproof {

struct Namespace;
struct Node;
struct Workload;
struct Pod;
struct Service;
struct NetworkPolicy;
struct NetNamespace;
struct EgressNetworkPolicy;

using NamespaceId = Id<Namespace>;
using NodeId = Id<Node>;
using WorkloadId = Id<Workload>;
using PodId = Id<Pod>;
using ServiceId = Id<Service>;
using PolicyId = Id<NetworkPolicy>;
using NetNamespaceId = Id<NetNamespace>;
using EgressPolicyId = Id<EgressNetworkPolicy>;

/// The name of the pseudo-namespace that stands for host traffic (sdn.md 7.4, ovn.md 11).
inline constexpr std::string_view kHostNetworkNamespace = "openshift-host-network";

/// What may exist in a namespace without standing in the input (SEMANTICS C). Only verdicts look at
/// it: project() takes the input for all there is.
struct Uncollected {
  bool labels = false;           ///< of the Namespace, but for its name
  bool policies = false;         ///< NetworkPolicies
  bool egress_policies = false;  ///< EgressNetworkPolicies

  bool operator==(const Uncollected&) const = default;
};

struct Namespace {
  std::string name;
  Labels labels;  ///< always with kubernetes.io/metadata.name (SEMANTICS L3)
  Place place;
  bool assumed = false;            ///< only referred to; no object of its own in the input
  bool terminating = false;        ///< deletionTimestamp is set
  NetNamespaceId net_namespace;    ///< invalid if there is none
  std::vector<PodId> pods;         ///< in id order
  std::vector<PolicyId> policies;  ///< in id order
  std::vector<EgressPolicyId> egress_policies;
  bool multicast = false;  ///< annotated so (SEMANTICS OVN-26)
  Uncollected uncollected;
};

struct Node {
  std::string name;
  Labels labels;
  std::vector<IpAddress> addresses;  ///< InternalIPs, and hostIPs of its pods
  std::vector<Cidr> pod_subnets;
  bool subnet_assumed = false;
  bool assumed = false;  ///< only referred to by pods
  Place place;
};

/// What made the pods: the topmost owner known (a Deployment rather than its ReplicaSet), or the
/// pod itself with kind `Pod`.
struct Workload {
  NamespaceId ns;
  std::string kind;
  std::string name;
  Place place;
  std::vector<PodId> pods;
  bool scaled_to_zero = false;  ///< replicas: 0, still standing for its pods (reported)
};

struct ContainerPort {
  std::string name;  ///< empty if unnamed
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
};

enum class PodPhase : std::uint8_t { Pending, Running, Succeeded, Failed, Unknown };

/// A pod, or the stand-in for the pods of a template that has none in the input.
struct Pod {
  NamespaceId ns;
  std::string name;  ///< of a stand-in: `Deployment/web`
  WorkloadId workload;
  Labels labels;
  std::vector<IpAddress> addresses;  ///< podIPs; empty for stand-ins and pods not yet scheduled
  NodeId node;                       ///< invalid if unknown
  std::vector<ContainerPort> ports;
  PodPhase phase = PodPhase::Running;
  bool host_network = false;
  bool stand_in = false;
  Place place;

  /// Succeeded or Failed: it neither sends nor receives (SEMANTICS F4).
  [[nodiscard]] bool is_completed() const {
    return phase == PodPhase::Succeeded || phase == PodPhase::Failed;
  }
};

struct ServicePort {
  std::string name;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  /// A number, or the name of a container port; empty means the same as `port`.
  std::uint16_t target_port = 0;
  std::string target_name;
};

/// An address behind a Service, with the ports of its Endpoints subset or slice. The ports are
/// empty where the input gives none: then the Service's target ports count.
struct ServiceEndpoint {
  IpAddress address;
  PodId pod;  ///< invalid if the address is no pod's
  std::vector<ServicePort> ports;
};

struct Service {
  NamespaceId ns;
  std::string name;
  std::vector<IpAddress> cluster_ips;
  std::vector<ServicePort> ports;
  std::vector<ServiceEndpoint> endpoints;  ///< from Endpoints and EndpointSlices
  bool has_endpoints_object = false;       ///< else running pods that the selector picks count
  std::optional<LabelSelector> selector;
  Place place;
  bool headless = false;      ///< clusterIP: None
  std::string external_name;  ///< of type ExternalName: the name outside that it stands for
};

enum class Direction : std::uint8_t { Ingress, Egress };
[[nodiscard]] std::string_view to_string(Direction direction);

/// One entry of `ports`. Without port and name: all ports of the protocol.
struct PolicyPort {
  Protocol protocol = Protocol::Tcp;
  std::optional<PortRange> range;  ///< port..endPort
  std::string name;                ///< a named port
  Place place;
};

struct IpBlock {
  Cidr cidr;
  std::vector<Cidr> except;
};

/// One entry of `from` or `to`: an ipBlock, or one or both selectors.
struct PolicyPeer {
  std::optional<LabelSelector> namespaces;
  std::optional<LabelSelector> pods;
  std::optional<IpBlock> block;
  Place place;
};

/// One ingress or egress rule. No peers: everybody. No ports: all ports of all protocols.
struct PolicyRule {
  std::vector<PolicyPeer> peers;
  std::vector<PolicyPort> ports;
  Place place;
};

/// networking.k8s.io/v1 NetworkPolicy after the API server's defaulting (SEMANTICS P2).
struct NetworkPolicy {
  NamespaceId ns;
  std::string name;
  LabelSelector pods;
  bool isolates_ingress = false;  ///< policyTypes
  bool isolates_egress = false;
  std::vector<PolicyRule> ingress;
  std::vector<PolicyRule> egress;
  Place place;

  [[nodiscard]] bool isolates(Direction direction) const {
    return direction == Direction::Ingress ? isolates_ingress : isolates_egress;
  }
  [[nodiscard]] const std::vector<PolicyRule>& rules(Direction direction) const {
    return direction == Direction::Ingress ? ingress : egress;
  }
};

struct NetNamespace {
  std::string name;
  std::uint32_t netid = 0;
  /// A change-network request that the SDN master has not consumed; empty if none.
  std::string pending_change;
  Place place;
  bool multicast = false;  ///< annotated so (SEMANTICS SDN-G7)
};

struct EgressRule {
  bool allow = false;
  std::optional<Cidr> cidr;  ///< 0.0.0.0/32 is read as 0.0.0.0/0 (sdn.md 5)
  std::string dns_name;      ///< not resolved: flows it could decide are unknown
  Place place;
};

/// network.openshift.io/v1 EgressNetworkPolicy: the first matching rule wins.
struct EgressNetworkPolicy {
  NamespaceId ns;
  std::string name;
  std::vector<EgressRule> rules;
  Place place;
};

/// An object of a kind that can change who reaches whom and is not modelled (inputs.md, "Kinds that
/// enforce are never skipped").
struct UnmodelledObject {
  ObjectKey key;
  Place place;
  /// AuthorizationPolicy, PeerAuthentication: verdicts stand, as layer 3/4 statements.
  bool only_denies = false;
  NamespaceId ns;  ///< whose pods it may touch; invalid: anybody's
};

/// The typed view of an ObjectStore that the deciding engines work on; see project(). Vectors are
/// sorted by namespace and name, so ids and every output derived from them are deterministic.
struct Cluster {
  SymbolTable symbols;
  Network network;
  std::vector<Namespace> namespaces;
  std::vector<Node> nodes;
  std::vector<Workload> workloads;
  std::vector<Pod> pods;
  std::vector<Service> services;
  std::vector<NetworkPolicy> policies;
  std::vector<NetNamespace> net_namespaces;
  std::vector<EgressNetworkPolicy> egress_policies;
  std::vector<UnmodelledObject> unmodelled;

  [[nodiscard]] const Namespace& at(NamespaceId id) const { return namespaces.at(id.value); }
  [[nodiscard]] const Node& at(NodeId id) const { return nodes.at(id.value); }
  [[nodiscard]] const Workload& at(WorkloadId id) const { return workloads.at(id.value); }
  [[nodiscard]] const Pod& at(PodId id) const { return pods.at(id.value); }
  [[nodiscard]] const Service& at(ServiceId id) const { return services.at(id.value); }
  [[nodiscard]] const NetworkPolicy& at(PolicyId id) const { return policies.at(id.value); }
  [[nodiscard]] const NetNamespace& at(NetNamespaceId id) const {
    return net_namespaces.at(id.value);
  }
  [[nodiscard]] const EgressNetworkPolicy& at(EgressPolicyId id) const {
    return egress_policies.at(id.value);
  }

  /// Invalid ids if there is none. O(log n).
  [[nodiscard]] NamespaceId find_namespace(std::string_view name) const;
  [[nodiscard]] PodId find_pod(NamespaceId ns, std::string_view name) const;
  [[nodiscard]] ServiceId find_service(NamespaceId ns, std::string_view name) const;
  /// The pod-network pod that now holds the address: a running one before a completed one (which is
  /// returned only if no other has the address). O(pods).
  [[nodiscard]] PodId find_pod_by_address(const IpAddress& address) const;
  /// The node with this InternalIP, or whose pod subnet holds it as gateway. O(nodes).
  [[nodiscard]] NodeId find_node_by_address(const IpAddress& address) const;
};

}  // namespace meshproof
