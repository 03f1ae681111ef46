#include <algorithm>

#include "solver/engines/flows/flow_terms.h"

/// Which ends a peer means, as formulas (SEMANTICS P5–P9 and the dialects' deviations).
namespace meshproof {

Formula FlowTerms::is_pod() { return problem_.negate(problem_.is(flow_.source, flow_.outside())); }

Formula FlowTerms::is_of_destination() {
  std::vector<std::uint32_t> own;
  for (std::uint32_t i = 0; i < flow_.groups.size(); ++i) {
    if (flow_.groups[i].is_destination) own.push_back(i);
  }
  return problem_.is_any(flow_.source, own);
}

/// SEMANTICS SDN-G3: VNID 0.
Formula FlowTerms::is_global() {
  std::vector<std::uint32_t> sources{flow_.outside()};
  for (std::uint32_t i = 0; i < flow_.groups.size(); ++i) {
    if (flow_.groups[i].global) sources.push_back(i);
  }
  return problem_.is_any(flow_.source, sources);
}

/// Whether the labels that a namespace has are those that a selector picks.
Formula FlowTerms::is_selected(NamespaceId ns, const LabelSelector& namespaces,
                               const FlowView& view) {
  const bool now = meshproof::matches(namespaces, cluster_.at(ns).labels);
  const auto relabelled = view.relabelled.find(ns);
  if (relabelled == view.relabelled.end()) return Problem::constant(now);
  const bool once = meshproof::matches(namespaces, encoder_.versions_.old_labels.at(ns));
  if (now == once) return Problem::constant(now);
  return now ? relabelled->second : problem_.negate(relabelled->second);
}

Formula FlowTerms::peer(const PolicyPeer& peer, NamespaceId policy_ns, Direction direction,
                        const FlowView& view) {
  return direction == Direction::Ingress ? source_is(peer, policy_ns, view)
                                         : destination_is(peer, policy_ns, view);
}

Formula FlowTerms::source_is(const PolicyPeer& peer, NamespaceId policy_ns, const FlowView& view) {
  if (peer.block) {
    const bool pods_count =
        cluster_.network.dialect != Dialect::Kubernetes || cluster_.network.ip_block_matches_pods;
    const Formula counts = pods_count ? Problem::truth() : problem_.negate(is_pod());
    return problem_.all_of({counts, block_holds(*peer.block, flow_.source_address)});
  }
  if (peer.namespaces && !peer.pods) {
    // SEMANTICS SDN-P2: no restriction at all.
    if (is_sdn() && peer.namespaces->matches_everything()) return Problem::truth();
    return source_in(*peer.namespaces, is_sdn(), view);
  }
  if (!peer.pods) return Problem::falsehood();
  const Formula left_over =
      problem_.all_of({is_pod(), took_over(peer, policy_ns, flow_.source_address, view)});
  if (!peer.namespaces) {
    // SEMANTICS SDN-P6: an empty podSelector is a match of VNIDs, so in a VNID-0 namespace it means
    // everything that enters from outside.
    if (is_sdn() && peer.pods->matches_everything()) {
      return problem_.any_of(
          {is_of_destination(),
           problem_.all_of({Problem::constant(encoder_.global_[policy_ns.value]), is_global()})});
    }
    return problem_.any_of(
        {problem_.all_of({is_of_destination(), flow_.source_pod.matches(*peer.pods, problem_)}),
         left_over});
  }
  const Formula selected = problem_.all_of(
      {source_in(*peer.namespaces, false, view), flow_.source_pod.matches(*peer.pods, problem_)});
  return problem_.any_of({selected, left_over});
}

/// `by_netid`: SEMANTICS SDN-P3, SDN-P4: then a selected VNID-0 namespace stands for everything
/// with VNID 0, outside included.
Formula FlowTerms::source_in(const LabelSelector& namespaces, bool by_netid, const FlowView& view) {
  std::vector<Formula> global;
  for (const NamespaceId ns : encoder_.speaks_for_hosts_) {
    if (by_netid) global.push_back(is_selected(ns, namespaces, view));
  }
  // SEMANTICS SDN-P3: every cluster of the SDN has a `default` with VNID 0, in the input or not.
  const auto& absent_default = encoder_.absent_default_;
  if (by_netid && absent_default && meshproof::matches(namespaces, *absent_default)) {
    global.push_back(Problem::truth());
  }
  const Formula admits_global = problem_.any_of(std::move(global));
  std::vector<std::uint32_t> always;
  std::vector<std::uint32_t> if_global{flow_.outside()};
  std::vector<Formula> cases;
  for (std::uint32_t i = 0; i < flow_.groups.size(); ++i) {
    const SourceGroup& group = flow_.groups[i];
    if (group.global) if_global.push_back(i);
    if (by_netid && group.stands_for_hosts) continue;
    const Formula selected = is_selected(group.example, namespaces, view);
    if (selected == Problem::truth()) {
      always.push_back(i);
    } else if (!(selected == Problem::falsehood())) {
      cases.push_back(problem_.all_of({problem_.is(flow_.source, i), selected}));
    }
  }
  cases.push_back(problem_.is_any(flow_.source, always));
  cases.push_back(problem_.all_of({admits_global, problem_.is_any(flow_.source, if_global)}));
  cases.push_back(problem_.all_of({problem_.is(flow_.source, flow_.future()),
                                   flow_.future_namespace.matches(namespaces, problem_)}));
  return problem_.any_of(std::move(cases));
}

Formula FlowTerms::destination_is(const PolicyPeer& peer, NamespaceId policy_ns,
                                  const FlowView& view) {
  const Variable address = flow_.destination_address;
  if (peer.block) {
    const bool pods_count =
        cluster_.network.dialect != Dialect::Kubernetes || cluster_.network.ip_block_matches_pods;
    return pods_count ? block_holds(*peer.block, address) : Problem::falsehood();
  }
  if (!peer.namespaces && !peer.pods) return Problem::falsehood();
  if (is_sdn() && peer.namespaces && !peer.pods && peer.namespaces->matches_everything()) {
    return Problem::truth();
  }
  Formula in_namespace = Problem::constant(policy_ns == flow_.destination);
  if (peer.namespaces) {
    in_namespace = flow_.destination.is_valid()
                       ? is_selected(flow_.destination, *peer.namespaces, view)
                       : flow_.destination_namespace.matches(*peer.namespaces, problem_);
  }
  const Formula has_labels = peer.pods && !(in_namespace == Problem::falsehood())
                                 ? flow_.destination_pod.matches(*peer.pods, problem_)
                                 : Problem::truth();
  const Formula selected = problem_.all_of({in_namespace, has_labels});
  return problem_.any_of({selected, took_over(peer, policy_ns, address, view)});
}

Formula FlowTerms::block_holds(const IpBlock& block, Variable address) {
  if (is_sdn() && !block.cidr.first().is_v4()) return Problem::falsehood();  // SDN-P11
  std::vector<std::uint32_t> inside;
  for (std::uint32_t i = 0; i < flow_.addresses.size(); ++i) {
    if (covers(block, flow_.addresses[i].first)) inside.push_back(i);
  }
  return problem_.is_any(address, inside);
}

Formula FlowTerms::took_over(const PolicyPeer& peer, NamespaceId policy_ns, Variable address,
                             const FlowView& view) {
  std::vector<Formula> cases;
  for (const PodId id : completed_) {
    const Pod& pod = cluster_.at(id);
    if (peer.pods && !meshproof::matches(*peer.pods, pod.labels)) continue;
    const Formula in_namespace = peer.namespaces ? is_selected(pod.ns, *peer.namespaces, view)
                                                 : Problem::constant(pod.ns == policy_ns);
    cases.push_back(problem_.all_of({in_namespace, has_address_of(id, address)}));
  }
  return problem_.any_of(std::move(cases));
}

Formula FlowTerms::has_address_of(PodId pod, Variable address) {
  std::vector<std::uint32_t> atoms;
  for (const IpAddress& one : cluster_.at(pod).addresses) {
    const auto found = std::ranges::lower_bound(flow_.addresses, one, {}, &AddressAtom::first);
    if (found == flow_.addresses.end() || found->first != one) continue;
    atoms.push_back(static_cast<std::uint32_t>(found - flow_.addresses.begin()));
  }
  return problem_.is_any(address, atoms);
}

}  // namespace meshproof
