#include <algorithm>

#include "solver/engines/tenancy_builder.h"

/// Which ends a peer means, as formulas (SEMANTICS P5–P9 and the dialects' deviations).
namespace meshproof {

Formula TenancyBuilder::is_pod() {
  return problem_.negate(problem_.is(result_.source, result_.outside()));
}

/// False but for additions: else no source is in the destination's namespace.
Formula TenancyBuilder::is_of_destination() {
  std::vector<Formula> cases;
  for (std::uint32_t i = 0; i < result_.groups.size(); ++i) {
    if (result_.groups[i].is_destination) cases.push_back(problem_.is(result_.source, i));
  }
  return problem_.any_of(std::move(cases));
}

/// SEMANTICS SDN-G3: VNID 0.
Formula TenancyBuilder::is_global() {
  std::vector<std::uint32_t> sources{result_.outside()};
  for (std::uint32_t i = 0; i < result_.groups.size(); ++i) {
    if (result_.groups[i].global) sources.push_back(i);
  }
  return problem_.is_any(result_.source, sources);
}

Formula TenancyBuilder::peer(const PolicyPeer& peer, NamespaceId policy_ns, Direction direction) {
  return direction == Direction::Ingress ? source_is(peer, policy_ns)
                                         : destination_is(peer, policy_ns);
}

Formula TenancyBuilder::source_is(const PolicyPeer& peer, NamespaceId policy_ns) {
  if (peer.block) {
    const bool pods_count =
        cluster_.network.dialect != Dialect::Kubernetes || cluster_.network.ip_block_matches_pods;
    const Formula counts = pods_count ? Problem::truth() : problem_.negate(is_pod());
    return problem_.all_of({counts, block_holds(*peer.block, result_.source_address)});
  }
  if (peer.namespaces && !peer.pods) {
    // SEMANTICS SDN-P2: no restriction at all.
    if (is_sdn() && peer.namespaces->matches_everything()) return Problem::truth();
    return source_in(*peer.namespaces, is_sdn());
  }
  if (!peer.pods) return Problem::falsehood();
  const Formula left_over =
      problem_.all_of({is_pod(), took_over(peer, policy_ns, result_.source_address)});
  if (!peer.namespaces) {
    // SEMANTICS SDN-P6: an empty podSelector is a match of VNIDs, so in a VNID-0 namespace it means
    // everything that enters from outside.
    if (is_sdn() && peer.pods->matches_everything()) {
      return problem_.any_of(
          {is_of_destination(),
           problem_.all_of({Problem::constant(encoder_.global_[policy_ns.value]), is_global()})});
    }
    return problem_.any_of(
        {problem_.all_of({is_of_destination(), result_.source_pod.matches(*peer.pods, problem_)}),
         left_over});
  }
  const Formula selected = problem_.all_of(
      {source_in(*peer.namespaces, false), result_.source_pod.matches(*peer.pods, problem_)});
  return problem_.any_of({selected, left_over});
}

/// `by_netid`: SEMANTICS SDN-P3, SDN-P4: then a selected VNID-0 namespace stands for everything
/// with VNID 0, outside included.
Formula TenancyBuilder::source_in(const LabelSelector& namespaces, bool by_netid) {
  const auto is_selected = [&](NamespaceId id) {
    return meshproof::matches(namespaces, cluster_.at(id).labels);
  };
  const bool admits_global =
      by_netid && std::ranges::any_of(encoder_.speaks_for_hosts_, is_selected);
  std::vector<std::uint32_t> sources;
  for (std::uint32_t i = 0; i < result_.groups.size(); ++i) {
    const OutsiderGroup& group = result_.groups[i];
    const bool by_own_id = is_selected(group.example) && !(by_netid && group.stands_for_hosts);
    if (by_own_id || (group.global && admits_global)) sources.push_back(i);
  }
  if (admits_global) sources.push_back(result_.outside());
  const Formula is_future_one =
      problem_.all_of({problem_.is(result_.source, result_.future()),
                       result_.future_namespace.matches(namespaces, problem_)});
  return problem_.any_of({problem_.is_any(result_.source, sources), is_future_one});
}

Formula TenancyBuilder::destination_is(const PolicyPeer& peer, NamespaceId policy_ns) {
  const Variable address = result_.destination_address;
  if (peer.block) {
    const bool pods_count =
        cluster_.network.dialect != Dialect::Kubernetes || cluster_.network.ip_block_matches_pods;
    return pods_count ? block_holds(*peer.block, address) : Problem::falsehood();
  }
  if (!peer.namespaces && !peer.pods) return Problem::falsehood();
  if (is_sdn() && peer.namespaces && !peer.pods && peer.namespaces->matches_everything()) {
    return Problem::truth();
  }
  const bool in_namespace = peer.namespaces
                                ? meshproof::matches(*peer.namespaces, destination().labels)
                                : policy_ns == question_.destination;
  const Formula has_labels = peer.pods && in_namespace
                                 ? result_.destination_pod.matches(*peer.pods, problem_)
                                 : Problem::truth();
  const Formula selected = problem_.all_of({Problem::constant(in_namespace), has_labels});
  return problem_.any_of({selected, took_over(peer, policy_ns, address)});
}

Formula TenancyBuilder::block_holds(const IpBlock& block, Variable address) {
  if (is_sdn() && !block.cidr.first().is_v4()) return Problem::falsehood();  // SDN-P11
  std::vector<std::uint32_t> inside;
  for (std::uint32_t i = 0; i < result_.addresses.size(); ++i) {
    if (covers(block, result_.addresses[i].first)) inside.push_back(i);
  }
  return problem_.is_any(address, inside);
}

/// SEMANTICS SDN-P7: selectors work by address, and a completed pod keeps its own.
Formula TenancyBuilder::took_over(const PolicyPeer& peer, NamespaceId policy_ns, Variable address) {
  std::vector<Formula> cases;
  for (const PodId id : encoder_.completed_) {
    const Pod& pod = cluster_.at(id);
    const bool in_namespace = peer.namespaces
                                  ? meshproof::matches(*peer.namespaces, cluster_.at(pod.ns).labels)
                                  : pod.ns == policy_ns;
    const bool has_labels = !peer.pods || meshproof::matches(*peer.pods, pod.labels);
    if (in_namespace && has_labels) cases.push_back(has_address_of(id, address));
  }
  return problem_.any_of(std::move(cases));
}

Formula TenancyBuilder::has_address_of(PodId pod, Variable address) {
  std::vector<std::uint32_t> atoms;
  for (const IpAddress& one : cluster_.at(pod).addresses) {
    const auto found = std::ranges::find(result_.addresses, one, &AddressAtom::first);
    if (found == result_.addresses.end()) continue;
    atoms.push_back(static_cast<std::uint32_t>(found - result_.addresses.begin()));
  }
  return problem_.is_any(address, atoms);
}

}  // namespace meshproof
