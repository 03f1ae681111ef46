#include <algorithm>

#include "solver/engines/flows/flow_terms.h"

/// Who is let through, as formulas: the rules of docs/SEMANTICS.md once more.
namespace meshproof {

Formula FlowTerms::open(const FlowView& view) {
  const Formula admitted = flow_.destination.is_valid()
                               ? admitted_by(flow_.destination, Direction::Ingress, view)
                               : Problem::truth();
  return problem_.all_of({admitted, reaches_out(view)});
}

/// SEMANTICS F8: beside the ingress of one end, the egress of the other.
Formula FlowTerms::reaches_out(const FlowView& view) {
  std::vector<Formula> terms;
  for (std::uint32_t i = 0; i < flow_.groups.size(); ++i) {
    const NamespaceId ns = flow_.groups[i].own;
    if (!ns.is_valid()) continue;
    const Formula is_elsewhere = problem_.negate(problem_.is(flow_.source, i));
    terms.push_back(problem_.any_of({is_elsewhere, admitted_by(ns, Direction::Egress, view)}));
  }
  terms.push_back(problem_.negate(dropped_for_all()));
  return problem_.all_of(std::move(terms));
}

/// SEMANTICS SDN: UDP to the VXLAN port is dropped for every pod.
Formula FlowTerms::dropped_for_all() {
  if (!is_sdn()) return Problem::falsehood();
  const std::uint16_t vxlan = cluster_.network.vxlan_port;
  return problem_.all_of({is_pod(), numbers(Protocol::Udp, {vxlan, vxlan})});
}

Formula FlowTerms::admitted_by(NamespaceId ns, Direction direction, const FlowView& view) {
  std::vector<Formula> isolating;
  std::vector<Formula> admitting;
  for (const PolicyId id : cluster_.at(ns).policies) {
    const auto sometimes = view.policies.find(id);
    const Formula is_there =
        sometimes == view.policies.end() ? Problem::truth() : sometimes->second;
    const NetworkPolicy& policy = cluster_.at(id);
    const bool isolates = policy.isolates(direction);
    if (is_there == Problem::falsehood() || (!isolates && !is_ovn())) continue;
    const Formula selected = problem_.all_of({is_there, selects(policy, direction)});
    if (isolates) isolating.push_back(problem_.all_of({part(id), selected}));
    admitting.push_back(problem_.all_of({selected, admits(policy, direction, view)}));
  }
  admitting.push_back(problem_.negate(problem_.any_of(std::move(isolating))));
  return problem_.any_of(std::move(admitting));
}

/// Labels count parts in the order in which they come up, so that equal problems name them alike.
Formula FlowTerms::part(PolicyId policy) {
  if (!claim_.rests_on_isolation()) return Problem::truth();
  const auto known = std::ranges::find(flow_.parts, policy);
  const auto label = static_cast<PartLabel>(known - flow_.parts.begin());
  if (known == flow_.parts.end()) flow_.parts.push_back(policy);
  return problem_.assume(label);
}

Formula FlowTerms::selects(const NetworkPolicy& policy, Direction direction) {
  const bool inwards = direction == Direction::Ingress;
  const LabelVariables& labels = inwards ? flow_.destination_pod : flow_.source_pod;
  const Variable address = inwards ? flow_.destination_address : flow_.source_address;
  std::vector<Formula> cases{labels.matches(policy.pods, problem_)};
  // SEMANTICS SDN-P7: a completed pod leaves its isolation to the next holder of its address.
  for (const PodId id : completed_) {
    const Pod& pod = cluster_.at(id);
    if (pod.ns != policy.ns || !meshproof::matches(policy.pods, pod.labels)) continue;
    cases.push_back(has_address_of(id, address));
  }
  return problem_.any_of(std::move(cases));
}

Formula FlowTerms::admits(const NetworkPolicy& policy, Direction direction, const FlowView& view) {
  std::vector<Formula> admitting;
  for (const PolicyRule& rule : policy.rules(direction)) {
    std::vector<Formula> matching;
    for (const PolicyPeer& one : rule.peers) {
      matching.push_back(peer(one, policy.ns, direction, view));
    }
    const Formula by_peers =
        rule.peers.empty() ? Problem::truth() : problem_.any_of(std::move(matching));
    admitting.push_back(problem_.all_of({by_peers, ports(rule)}));
  }
  return problem_.any_of(std::move(admitting));
}

/// SEMANTICS P10–P12.
Formula FlowTerms::ports(const PolicyRule& rule) {
  if (rule.ports.empty()) return Problem::truth();
  std::vector<Formula> admitting;
  for (const PolicyPort& port : rule.ports) admitting.push_back(entry(rule, port));
  return problem_.any_of(std::move(admitting));
}

Formula FlowTerms::entry(const PolicyRule& rule, const PolicyPort& port) {
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
      std::ranges::find(flow_.port_names, port.name, &std::pair<std::string, Variable>::first);
  return problem_.all_of({whole_protocol, problem_.is(named->second, 1)});
}

Formula FlowTerms::numbers(Protocol protocol, PortRange range) {
  std::vector<std::uint32_t> inside;
  for (std::uint32_t i = 0; i < flow_.ports.size(); ++i) {
    const PortAtom& atom = flow_.ports[i];
    if (atom.protocol == protocol && range.from <= atom.range.from && atom.range.to <= range.to) {
      inside.push_back(i);
    }
  }
  return problem_.is_any(flow_.port, inside);
}

Formula FlowTerms::numbers(const PortSet& ports) {
  if (ports.is_all()) return Problem::truth();
  std::vector<Formula> cases;
  for (const Protocol protocol : kProtocols) {
    for (const PortRange range : ports.ranges(protocol)) cases.push_back(numbers(protocol, range));
  }
  return problem_.any_of(std::move(cases));
}

}  // namespace meshproof
