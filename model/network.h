#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ip.h"
#include "model/source.h"

namespace meshproof {

/// What the network enforces (sdn.md, ovn.md, networkpolicy.md).
enum class Dialect : std::uint8_t { Kubernetes, OpenShiftSdn, OvnKubernetes };

/// The mode of the OpenShift SDN; the other dialects have only NetworkPolicy.
enum class SdnMode : std::uint8_t { Subnet, Multitenant, NetworkPolicy };

/// What the mesh operator configures in a member's network (operator.md 3.1).
enum class Strategy : std::uint8_t {
  Nothing,        ///< Subnet mode, or no Network object on a cluster that serves the kind
  Multitenant,    ///< joins NetNamespaces
  NetworkPolicy,  ///< copies NetworkPolicies
  Refused,        ///< unknown plugin: every reconcile fails
};

/// `openshift-sdn`, `ovn-kubernetes`, `kubernetes`.
[[nodiscard]] std::string_view to_string(Dialect dialect);
[[nodiscard]] std::optional<Dialect> parse_dialect(std::string_view text);
/// `subnet`, `multitenant`, `networkpolicy`.
[[nodiscard]] std::string_view to_string(SdnMode mode);
[[nodiscard]] std::optional<SdnMode> parse_sdn_mode(std::string_view text);
[[nodiscard]] std::string_view to_string(Strategy strategy);

/// The cluster's network: two facts (design.md, "Two facts about the network"), and the addresses.
struct Network {
  Dialect dialect = Dialect::Kubernetes;
  SdnMode mode = SdnMode::NetworkPolicy;
  Strategy strategy = Strategy::NetworkPolicy;
  /// Why no verdict can be given (unknown plugin); empty if the network is understood.
  std::string unknown_because;
  /// The operator's own error text when strategy is Refused.
  std::string refusal;
  /// True without a Network object and without options: dialect and strategy are assumptions.
  bool assumed = false;
  std::vector<Cidr> cluster_networks;  ///< pod addresses
  std::vector<Cidr> service_networks;
  unsigned host_prefix = 23;  ///< prefix length of a node's pod subnet (IPv4)
  std::uint16_t vxlan_port = 4789;
  /// networkpolicy.md: whether an ipBlock matches pod addresses (dialect `kubernetes` only).
  bool ip_block_matches_pods = true;
  Place place;

  bool operator==(const Network&) const = default;
};

}  // namespace meshproof
