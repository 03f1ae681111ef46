#include <algorithm>

#include "solver/engines/tenancy_builder.h"

/// Who is let through, as formulas: the rules of docs/SEMANTICS.md once more, written without a
/// look at the evaluator, so that the two check each other.
namespace meshproof {

namespace {

constexpr std::string_view kExposeRouteLabel = "maistra.io/expose-route";
constexpr std::string_view kPolicyGroupLabel = "network.openshift.io/policy-group";

}  // namespace

Formula TenancyBuilder::violation() {
  if (question_.addition) return problem_.all_of({difference(), reaches_out()});
  return problem_.all_of({admitted_by(question_.destination, Direction::Ingress), reaches_out(),
                          problem_.negate(exposed_on_purpose())});
}

/// SEMANTICS F8: beside the ingress of one end, the egress of the other.
Formula TenancyBuilder::reaches_out() {
  std::vector<Formula> terms;
  for (std::uint32_t i = 0; i < result_.groups.size(); ++i) {
    const NamespaceId ns = result_.groups[i].restricted;
    if (!ns.is_valid()) continue;
    const Formula is_elsewhere = problem_.negate(problem_.is(result_.source, i));
    terms.push_back(problem_.any_of({is_elsewhere, admitted_by(ns, Direction::Egress)}));
  }
  if (is_sdn()) {
    // SEMANTICS SDN: UDP to the VXLAN port is dropped for every pod.
    const std::uint16_t vxlan = cluster_.network.vxlan_port;
    terms.push_back(
        problem_.negate(problem_.all_of({is_pod(), numbers(Protocol::Udp, {vxlan, vxlan})})));
  }
  return problem_.all_of(std::move(terms));
}

/// SEMANTICS P1–P4, OVN-3.
Formula TenancyBuilder::admitted_by(NamespaceId ns, Direction direction,
                                    const std::vector<PolicyId>& left_out) {
  std::vector<Formula> isolating;
  std::vector<Formula> admitting;
  for (const PolicyId id : cluster_.at(ns).policies) {
    if (std::ranges::find(left_out, id) != left_out.end()) continue;
    const NetworkPolicy& policy = cluster_.at(id);
    const bool isolates = policy.isolates(direction);
    if (!isolates && !is_ovn()) continue;
    const Formula selected = selects(policy, direction);
    if (isolates) isolating.push_back(selected);
    admitting.push_back(problem_.all_of({selected, admits(policy, direction)}));
  }
  admitting.push_back(problem_.negate(problem_.any_of(std::move(isolating))));
  return problem_.any_of(std::move(admitting));
}

/// SEMANTICS T4, T5.
Formula TenancyBuilder::exposed_on_purpose() {
  const SymbolTable& symbols = cluster_.symbols;
  const Symbol group_key = symbols.find(kPolicyGroupLabel);
  const Symbol ingress = symbols.find("ingress");
  std::vector<Formula> routers;
  for (std::uint32_t i = 0; i < result_.groups.size(); ++i) {
    const Labels& labels = cluster_.at(result_.groups[i].example).labels;
    const bool is_router =
        group_key.is_valid() && ingress.is_valid() && labels.find(group_key) == ingress;
    if (is_router) routers.push_back(problem_.is(result_.source, i));
  }
  routers.push_back(problem_.all_of({problem_.is(result_.source, result_.future()),
                                     result_.future_namespace.has(group_key, ingress, problem_)}));
  const Formula is_exposed =
      result_.destination_pod.has(symbols.find(kExposeRouteLabel), symbols.find("true"), problem_);
  std::vector<Formula> cases{problem_.all_of({is_exposed, problem_.any_of(std::move(routers))})};
  for (const PolicyId id : question_.internal) {
    const NetworkPolicy& policy = cluster_.at(id);
    cases.push_back(
        problem_.all_of({selects(policy, Direction::Ingress), admits(policy, Direction::Ingress)}));
  }
  return problem_.any_of(std::move(cases));
}

Formula TenancyBuilder::selects(const NetworkPolicy& policy, Direction direction) {
  const bool inwards = direction == Direction::Ingress;
  const LabelVariables& labels = inwards ? result_.destination_pod : result_.source_pod;
  const Variable address = inwards ? result_.destination_address : result_.source_address;
  std::vector<Formula> cases{labels.matches(policy.pods, problem_)};
  // SEMANTICS SDN-P7: a completed pod leaves its isolation to the next holder of its address.
  for (const PodId id : encoder_.completed_) {
    const Pod& pod = cluster_.at(id);
    if (pod.ns != policy.ns || !meshproof::matches(policy.pods, pod.labels)) continue;
    cases.push_back(has_address_of(id, address));
  }
  return problem_.any_of(std::move(cases));
}

Formula TenancyBuilder::admits(const NetworkPolicy& policy, Direction direction) {
  std::vector<Formula> admitting;
  for (const PolicyRule& rule : policy.rules(direction)) {
    std::vector<Formula> matching;
    for (const PolicyPeer& one : rule.peers) matching.push_back(peer(one, policy.ns, direction));
    const Formula by_peers =
        rule.peers.empty() ? Problem::truth() : problem_.any_of(std::move(matching));
    admitting.push_back(problem_.all_of({by_peers, ports(rule)}));
  }
  return problem_.any_of(std::move(admitting));
}

/// SEMANTICS P10–P12.
Formula TenancyBuilder::ports(const PolicyRule& rule) {
  if (rule.ports.empty()) return Problem::truth();
  std::vector<Formula> admitting;
  for (const PolicyPort& port : rule.ports) admitting.push_back(entry(rule, port));
  return problem_.any_of(std::move(admitting));
}

Formula TenancyBuilder::entry(const PolicyRule& rule, const PolicyPort& port) {
  if (port.range) return numbers(port.protocol, *port.range);
  const Formula whole_protocol = numbers(port.protocol, {0, 65535});
  if (is_ovn()) {
    // SEMANTICS OVN-4: a number silences the entries of its protocol that have none.
    const bool has_number = std::ranges::any_of(rule.ports, [&](const PolicyPort& other) {
      return other.protocol == port.protocol && other.range.has_value();
    });
    return has_number ? Problem::falsehood() : whole_protocol;
  }
  if (port.name.empty()) return whole_protocol;
  if (is_sdn()) return Problem::falsehood();  // SEMANTICS SDN-P1
  const auto named =
      std::ranges::find(result_.port_names, port.name, &std::pair<std::string, Variable>::first);
  return problem_.all_of({whole_protocol, problem_.is(named->second, 1)});
}

Formula TenancyBuilder::numbers(Protocol protocol, PortRange range) {
  std::vector<std::uint32_t> inside;
  for (std::uint32_t i = 0; i < result_.ports.size(); ++i) {
    const PortAtom& atom = result_.ports[i];
    if (atom.protocol == protocol && range.from <= atom.range.from && atom.range.to <= range.to) {
      inside.push_back(i);
    }
  }
  return problem_.is_any(result_.port, inside);
}

}  // namespace meshproof
