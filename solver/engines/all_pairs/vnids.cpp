#include "solver/engines/all_pairs/vnids.h"

#include <algorithm>

namespace meshproof {

Vnids::Vnids(const Cluster& cluster) : cluster_(cluster) {
  for (std::uint32_t i = 0; i < cluster.net_namespaces.size(); ++i) {
    net_namespaces_[cluster.net_namespaces[i].netid].push_back({i});
  }
  // SEMANTICS SDN-P15: without a single NetNamespace each has its own, above all that exist.
  constexpr std::uint32_t kAboveAll = 1U << 31U;
  const bool each_its_own =
      cluster.net_namespaces.empty() && cluster.network.mode == SdnMode::NetworkPolicy;
  for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) {
    const Namespace& ns = cluster.namespaces[i];
    const bool has_object = ns.net_namespace.is_valid();
    const bool is_default = !has_object && ns.name == "default";
    known_.push_back(has_object || is_default || each_its_own);
    values_.push_back(has_object   ? cluster.at(ns.net_namespace).netid
                      : is_default ? kGlobal
                                   : kAboveAll + i);
    if (known_.back()) namespaces_[values_.back()].push_back({i});
  }
  for (std::uint32_t i = 0; i < cluster.namespaces.size(); ++i) {
    const auto has_policies = [&](NamespaceId ns) { return !cluster.at(ns).policies.empty(); };
    undefined_.push_back(std::ranges::any_of(sharers({i}), has_policies));
  }
}

const std::vector<NamespaceId>& Vnids::namespaces(std::uint32_t vnid) const {
  static const std::vector<NamespaceId> kNobody;
  const auto found = namespaces_.find(vnid);
  return found == namespaces_.end() ? kNobody : found->second;
}

bool Vnids::is_shared(NamespaceId ns) const {
  if (!is_known(ns)) return false;
  const auto found = net_namespaces_.find(at(ns));
  return found != net_namespaces_.end() && found->second.size() > 1;
}

std::vector<NamespaceId> Vnids::sharers(NamespaceId ns) const {
  std::vector<NamespaceId> result;
  if (!is_shared(ns)) return result;
  for (const NetNamespaceId id : net_namespaces_.at(at(ns))) {
    const NamespaceId sharer = cluster_.find_namespace(cluster_.at(id).name);
    if (sharer.is_valid()) result.push_back(sharer);
  }
  return result;
}

bool Vnids::has_sharers() const {
  return std::ranges::any_of(net_namespaces_,
                             [](const auto& entry) { return entry.second.size() > 1; });
}

bool Vnids::is_ordinary(NamespaceId ns) const {
  return is_known(ns) && at(ns) != kGlobal && namespaces(at(ns)).size() == 1 &&
         cluster_.at(ns).name != kHostNetworkNamespace;
}

}  // namespace meshproof
