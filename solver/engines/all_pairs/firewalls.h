#pragma once

#include <set>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/all_pairs/address_index.h"
#include "solver/engines/all_pairs/certainty.h"
#include "solver/engines/all_pairs/columns.h"
#include "solver/engines/all_pairs/vnids.h"

namespace meshproof {

/// The egress firewalls of the OpenShift SDN (SEMANTICS SDN-E1–SDN-E4, SDN-E6). Keeps what it is
/// given by reference.
class Firewalls {
 public:
  Firewalls(const Cluster& cluster, const Columns& columns, const Vnids& vnids,
            const AddressIndex& addresses);

  /// The same ends, where some namespaces have other firewalls.
  Firewalls(const Firewalls& base, const Cluster& after, const Vnids& vnids);

  /// Whether pods of the namespace get past them to a receiver off the pod network; DNS to their
  /// own node does in any case (SDN-E5). O(rules).
  [[nodiscard]] Certainty between(NamespaceId src, Column dst) const;

 private:
  void find_inside();
  [[nodiscard]] std::vector<const EgressNetworkPolicy*> of(NamespaceId ns) const;
  [[nodiscard]] Certainty first_match(const EgressNetworkPolicy& policy, Column dst) const;

  const Cluster& cluster_;
  const Columns& columns_;
  const Vnids& vnids_;
  const AddressIndex& addresses_;
  std::set<Column> inside_;  ///< receivers that are not off the pod network after all
};

}  // namespace meshproof
