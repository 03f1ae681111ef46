#include <algorithm>

#include "solver/dialects/dialects.h"

/// OpenShift SDN: EgressNetworkPolicy, the egress firewall (SEMANTICS SDN-E1–SDN-E7).
namespace meshproof {
namespace {

std::string name_of(const EvaluationContext& context, const EgressNetworkPolicy& policy) {
  return "EgressNetworkPolicy " + context.ns(policy.ns).name + '/' + policy.name;
}

/// Firewalls without rules are as good as none (SDN-E1).
std::vector<EgressPolicyId> firewalls_of(const EvaluationContext& context, NamespaceId ns) {
  std::vector<EgressPolicyId> result;
  for (const EgressPolicyId id : context.ns(ns).egress_policies) {
    if (!context.cluster.at(id).rules.empty()) result.push_back(id);
  }
  return result;
}

Ruling firewall_ruling(const EvaluationContext& context, Truth allows, std::string_view rule_id,
                       const EgressNetworkPolicy& policy, int rule, std::string text) {
  Ruling result = ruling(allows, Direction::Egress, rule_id, std::move(text));
  Reason& reason = result.reasons.front();
  reason.policy = name_of(context, policy);
  reason.rule = rule;
  reason.place = rule < 0 ? policy.place : policy.rules.at(static_cast<std::size_t>(rule)).place;
  return result;
}

/// SEMANTICS SDN-E2, SDN-E6: the first rule that matches; a rule by name may match anything.
Ruling first_match(const EvaluationContext& context, const EgressNetworkPolicy& policy,
                   const End& dst) {
  const std::string name = name_of(context, policy);
  int unsure = -1;
  bool unsure_allows = true;
  std::string why;
  const auto settle = [&](bool allow, int rule, std::string text) {
    if (unsure >= 0 && unsure_allows != allow) {
      return firewall_ruling(context, Truth::Maybe, "SDN-E6", policy, unsure, why);
    }
    return firewall_ruling(context, allow ? Truth::Yes : Truth::No, "SDN-E2", policy, rule,
                           std::move(text));
  };
  for (std::size_t i = 0; i < policy.rules.size(); ++i) {
    const EgressRule& rule = policy.rules[i];
    Match match =
        Match::maybe("SDN-E6", "the addresses of " + rule.dns_name + " are not known, so rule " +
                                   std::to_string(i) + " of " + name + " may decide");
    if (rule.cidr) match = block_matches(context, {*rule.cidr, {}}, dst);
    if (match.truth == Truth::No) continue;
    const std::string verb = rule.allow ? " allows " : " denies ";
    if (match.truth == Truth::Yes) {
      return settle(rule.allow, static_cast<int>(i), name + verb + dst.name);
    }
    if (unsure >= 0 && unsure_allows != rule.allow) {
      return firewall_ruling(context, Truth::Maybe, "SDN-E6", policy, unsure, why);
    }
    if (unsure < 0) {
      unsure = static_cast<int>(i);
      unsure_allows = rule.allow;
      why = std::move(match.why);
    }
  }
  return settle(true, -1, "no rule of " + name + " matches " + dst.name);
}

std::string lacks_firewalls(const Namespace& ns) {
  return "which EgressNetworkPolicies " + ns.name + " has is not known: the input lacks them";
}

/// SEMANTICS SDN-E5: names are looked up at the own node, whatever the firewall says.
Match asks_own_node(const Packet& packet) {
  const bool is_dns = packet.port == kDnsPort &&
                      (packet.protocol == Protocol::Tcp || packet.protocol == Protocol::Udp);
  if (!is_dns || packet.dst.kind != End::Kind::Host) return Match::no("SDN-E5");
  return on_one_node(packet.src, packet.dst);
}

bool stays_inside(const EvaluationContext& context, const End& dst) {
  return !dst.addresses.empty() &&
         std::ranges::all_of(dst.addresses, [&](const IpAddress& address) {
           return is_on_pod_network(context, address);
         });
}

/// SEMANTICS SDN-E4: one firewall among namespaces that share a VNID cuts all of them off.
std::optional<Ruling> rule_shared(const EvaluationContext& context, Vnid vnid, const End& src) {
  if (sharers_of(context, vnid) < 2) return std::nullopt;
  for (const NetNamespaceId id : context.net_namespaces_by_id.at(vnid.value)) {
    const NamespaceId ns = context.cluster.find_namespace(context.cluster.at(id).name);
    if (!ns.is_valid()) continue;
    const auto firewalls = firewalls_of(context, ns);
    if (firewalls.empty()) continue;
    const EgressNetworkPolicy& policy = context.cluster.at(firewalls.front());
    return firewall_ruling(context, Truth::No, "SDN-E4", policy, -1,
                           name_of(context, policy) +
                               " cuts off every namespace that shares the network id of " +
                               src.name);
  }
  return std::nullopt;
}

Ruling rule_own(const EvaluationContext& context, const std::vector<EgressPolicyId>& firewalls,
                const End& src, const End& dst) {
  const EgressNetworkPolicy& policy = context.cluster.at(firewalls.front());
  if (firewalls.size() == 1) return first_match(context, policy, dst);
  return firewall_ruling(context, Truth::No, "SDN-E4", policy, -1,
                         std::to_string(firewalls.size()) +
                             " EgressNetworkPolicies in the namespace of " + src.name +
                             " cut it off");
}

}  // namespace

std::optional<Ruling> rule_by_firewall(const EvaluationContext& context, const Packet& packet) {
  if (!packet.src.is_pod() || packet.dst.is_pod()) return std::nullopt;
  const NamespaceId ns = context.pod(packet.src).ns;
  const bool may_lack = context.ns(ns).uncollected.egress_policies;
  const bool has_none = context.cluster.egress_policies.empty() && !may_lack;
  if (has_none || stays_inside(context, packet.dst)) return std::nullopt;
  const Vnid vnid = vnid_of(context, ns);
  if (vnid.known && vnid.value == 0) return std::nullopt;  // SEMANTICS SDN-E3
  std::optional<Ruling> result = rule_shared(context, vnid, packet.src);
  if (!vnid.known) {
    result =
        ruling(Truth::Maybe, Direction::Egress, "SDN-M4",
               "namespace " + context.ns(ns).name +
                   " has no NetNamespace, so which EgressNetworkPolicy it is under is unknown");
  }
  const auto firewalls = firewalls_of(context, ns);
  if (!result && !firewalls.empty()) {
    result = rule_own(context, firewalls, packet.src, packet.dst);
  }
  // SEMANTICS C5: one more firewall only closes, by its rules or because there are two (SDN-E4).
  if (may_lack && (!result || result->allows == Truth::Yes)) {
    result = ruling(Truth::Maybe, Direction::Egress, "C5", lacks_firewalls(context.ns(ns)));
  }
  if (!result || result->allows == Truth::Yes) return result;
  const Match exempt = asks_own_node(packet);
  if (exempt.truth == Truth::No) return result;
  return ruling(exempt.truth, Direction::Egress, "SDN-E5",
                exempt.truth == Truth::Yes
                    ? packet.src.name + " may ask its own node for names"
                    : "whether " + packet.src.name + " asks its own node: " + exempt.why);
}

Rulings sdn_rule_service(const EvaluationContext& context, const Service& service) {
  if (context.cluster.network.mode == SdnMode::Subnet || !service.has_endpoints_object) return {};
  const auto firewalls = firewalls_of(context, service.ns);
  const Vnid vnid = vnid_of(context, service.ns);
  const Namespace& owner = context.ns(service.ns);
  const bool may_lack = owner.uncollected.egress_policies;
  if ((firewalls.empty() && !may_lack) || (vnid.known && vnid.value == 0)) return {};
  const auto& services = context.cluster.network.service_networks;
  const auto leaves = [&](const ServiceEndpoint& endpoint) {
    const auto holds = [&](const Cidr& cidr) { return cidr.contains(endpoint.address); };
    return !is_on_pod_network(context, endpoint.address) && std::ranges::none_of(services, holds);
  };
  if (std::ranges::none_of(service.endpoints, leaves)) return {};
  Rulings rulings;
  if (may_lack) {
    rulings.push_back(ruling(Truth::Maybe, Direction::Egress, "C5", lacks_firewalls(owner)));
  }
  if (firewalls.empty()) return rulings;
  for (const ServiceEndpoint& endpoint : service.endpoints) {
    End end;
    end.addresses = {endpoint.address};
    end.name = endpoint.address.to_string();
    Ruling one = rule_own(context, firewalls, end, end);
    for (Reason& reason : one.reasons) {
      reason.rule_id = "SDN-E7";
      reason.text += ", an endpoint of Service " + context.ns(service.ns).name + '/' +
                     service.name + ", which is then not offered at all";
    }
    if (one.allows != Truth::Yes) rulings.push_back(std::move(one));
  }
  return rulings;
}

}  // namespace meshproof
