#include <algorithm>

#include "solver/engines/tenancy_builder.h"

/// What policies add to those that are there already, as formulas (SEMANTICS A). What they are
/// meant to admit is written here without a look at how a dialect reads a peer, so that a peer
/// which means more than it says is found.
namespace meshproof {

/// The flows for which the state with the policies is not what it is meant to be.
Formula TenancyBuilder::difference() {
  const Addition& addition = *question_.addition;
  const Formula without = admitted_by(question_.destination, Direction::Ingress, addition.policies);
  const Formula with = admitted_by(question_.destination, Direction::Ingress);
  result_.admitted = with;
  std::vector<Formula> meant{without};
  for (const KeptTerm& term : addition.kept) meant.push_back(kept(term));
  const Formula wanted = problem_.any_of(std::move(meant));
  return problem_.any_of({problem_.all_of({with, problem_.negate(wanted)}),
                          problem_.all_of({wanted, problem_.negate(with)})});
}

Formula TenancyBuilder::kept(const KeptTerm& term) {
  std::vector<Formula> targets{result_.destination_pod.matches(term.pods, problem_)};
  // SEMANTICS SDN-P7: who takes over the address of a completed pod is taken for it.
  for (const PodId id : encoder_.completed_) {
    const Pod& pod = cluster_.at(id);
    if (pod.ns != question_.destination || !meshproof::matches(term.pods, pod.labels)) continue;
    targets.push_back(has_address_of(id, result_.destination_address));
  }
  return problem_.all_of(
      {problem_.any_of(std::move(targets)), kept_source(term), kept_ports(term.ports)});
}

Formula TenancyBuilder::kept_source(const KeptTerm& term) {
  if (term.block) {
    const Formula counts = term.block_holds_pods ? Problem::truth() : problem_.negate(is_pod());
    return problem_.all_of({counts, block_holds(*term.block, result_.source_address)});
  }
  std::vector<std::uint32_t> sources;
  for (std::uint32_t i = 0; i < result_.groups.size(); ++i) {
    const Labels& labels = cluster_.at(result_.groups[i].example).labels;
    if (meshproof::matches(term.source_projects, labels)) sources.push_back(i);
  }
  const Formula in_project = problem_.any_of(
      {problem_.is_any(result_.source, sources),
       problem_.all_of({problem_.is(result_.source, result_.future()),
                        result_.future_namespace.matches(term.source_projects, problem_)})});
  const Formula has_labels = result_.source_pod.matches(term.source_pods, problem_);
  const PolicyPeer words{term.source_projects, term.source_pods, std::nullopt, {}};
  const Formula left_over =
      problem_.all_of({is_pod(), took_over(words, question_.destination, result_.source_address)});
  return problem_.any_of({problem_.all_of({in_project, has_labels}), left_over});
}

Formula TenancyBuilder::kept_ports(const PortSet& ports) {
  if (ports.is_all()) return Problem::truth();
  std::vector<Formula> cases;
  for (const Protocol protocol : kProtocols) {
    for (const PortRange range : ports.ranges(protocol)) {
      cases.push_back(numbers(protocol, range));
    }
  }
  return problem_.any_of(std::move(cases));
}

}  // namespace meshproof
