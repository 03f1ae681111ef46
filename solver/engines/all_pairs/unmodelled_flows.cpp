#include "solver/engines/all_pairs/unmodelled_flows.h"

namespace meshproof {

UnmodelledFlows::UnmodelledFlows(const Cluster& cluster)
    : namespaces(cluster.namespaces.size()), leaving(cluster.namespaces.size()) {
  for (const UnmodelledObject& object : cluster.unmodelled) {
    if (object.only_denies) continue;  // SEMANTICS U2
    const bool only_restricts = object.key.kind == "EgressFirewall";
    std::vector<bool>& touched = only_restricts ? leaving : namespaces;
    if (object.ns.is_valid()) {
      touched[object.ns.value] = true;
    } else {
      touched.assign(touched.size(), true);
      everywhere = everywhere || !only_restricts;
    }
  }
}

}  // namespace meshproof
