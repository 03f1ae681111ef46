#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/cluster.h"

namespace meshproof {

/// What of a NetworkPolicy a network reads otherwise than the specification of the API does.
enum class DeviationKind : std::uint8_t {
  NamedPort,    ///< SDN-P1, OVN-4
  NoPort,       ///< OVN-4: an entry with a protocol alone beside one with a number
  Hosts,        ///< SDN-P2, P3, P4, P6, OVN-11, OVN-13: a selector that means more than pods
  OtherTypes,   ///< OVN-3: rules of a direction that policyTypes does not list
  SkippedBlock  ///< SDN-P11
};

/// One such place in a policy.
struct PolicyDeviation {
  PolicyId policy;
  DeviationKind kind = DeviationKind::NamedPort;
  std::string_view rule_id;  ///< of docs/SEMANTICS.md
  std::string text;          ///< one clause that names the field: `ingress[0].ports[1] …`
  Place place;
};

/// Where the policies of a cluster would mean another thing in a network of this dialect than by
/// the specification, whatever the cluster's own dialect is. In the order of the policies and of
/// their rules; none for dialect `kubernetes`. Which blocks pods are in is not asked (P8), nor
/// which policies are too large (SDN-P8). O(peers × namespaces + policies with rules of other types
/// × pods of their namespace).
[[nodiscard]] std::vector<PolicyDeviation> find_deviations(const Cluster& cluster, Dialect dialect);

}  // namespace meshproof
