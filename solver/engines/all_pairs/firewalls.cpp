#include "solver/engines/all_pairs/firewalls.h"

#include <algorithm>
#include <set>

namespace meshproof {

Firewalls::Firewalls(const Cluster& cluster, const Columns& columns, const Vnids& vnids,
                     const AddressIndex& addresses)
    : cluster_(cluster), columns_(columns), vnids_(vnids), addresses_(addresses) {
  find_inside();
}

Firewalls::Firewalls(const Firewalls& base, const Cluster& after, const Vnids& vnids)
    : cluster_(after),
      columns_(base.columns_),
      vnids_(vnids),
      addresses_(base.addresses_),
      inside_(base.inside_) {
  if (base.cluster_.egress_policies.empty()) find_inside();
}

void Firewalls::find_inside() {
  if (cluster_.egress_policies.empty()) return;
  std::set<IpAddress> of_pods;
  for (const Pod& pod : cluster_.pods) {
    if (!pod.host_network) of_pods.insert(pod.addresses.begin(), pod.addresses.end());
  }
  std::vector<Cidr> networks = cluster_.network.cluster_networks;
  for (const Node& node : cluster_.nodes) {
    networks.insert(networks.end(), node.pod_subnets.begin(), node.pod_subnets.end());
  }
  const auto is_inside = [&](const IpAddress& address) {
    return of_pods.contains(address) || std::ranges::any_of(networks, [&](const Cidr& network) {
             return network.contains(address);
           });
  };
  for (Column column = columns_.of_kind(ColumnEnd::Kind::HostAnswers).begin;
       column < columns_.size(); ++column) {
    const auto own = columns_.addresses(column);
    if (!own.empty() && std::ranges::all_of(own, is_inside)) inside_.insert(column);
  }
}

/// SEMANTICS SDN-E1: those without rules are as good as none.
std::vector<const EgressNetworkPolicy*> Firewalls::of(NamespaceId ns) const {
  std::vector<const EgressNetworkPolicy*> result;
  for (const EgressPolicyId id : cluster_.at(ns).egress_policies) {
    if (!cluster_.at(id).rules.empty()) result.push_back(&cluster_.at(id));
  }
  return result;
}

/// SEMANTICS SDN-E2, SDN-E6: the outcomes that are possible.
Certainty Firewalls::first_match(const EgressNetworkPolicy& policy, Column dst) const {
  bool may_allow = false;
  bool may_deny = false;
  bool is_decided = false;
  for (const EgressRule& rule : policy.rules) {
    Certainty holds = Certainty::Maybe;  // a name
    if (rule.cidr) {
      const bool is_read = rule.cidr->first().is_v4();  // SEMANTICS SDN-P11
      holds = is_read ? addresses_.holds({*rule.cidr, {}}, dst) : Certainty::No;
    }
    if (holds == Certainty::No) continue;
    (rule.allow ? may_allow : may_deny) = true;
    is_decided = holds == Certainty::Yes;
    if (is_decided) break;
  }
  may_allow = may_allow || !is_decided;
  if (may_allow && may_deny) return Certainty::Maybe;
  return may_allow ? Certainty::Yes : Certainty::No;
}

Certainty Firewalls::between(NamespaceId src, Column dst) const {
  if (cluster_.egress_policies.empty() || inside_.contains(dst)) return Certainty::Yes;
  if (!vnids_.is_known(src)) return Certainty::Maybe;  // SEMANTICS SDN-M4
  if (vnids_.is_global(src)) return Certainty::Yes;    // SEMANTICS SDN-E3
  const auto shared = vnids_.sharers(src);
  const bool is_cut_off =  // SEMANTICS SDN-E4
      std::ranges::any_of(shared, [&](NamespaceId ns) { return !of(ns).empty(); });
  if (is_cut_off) return Certainty::No;
  const auto own = of(src);
  if (own.empty()) return Certainty::Yes;
  return own.size() > 1 ? Certainty::No : first_match(*own.front(), dst);
}

}  // namespace meshproof
