#include "solver/engines/flows/addition_claim.h"

#include "solver/engines/flows/flow_terms.h"

/// What policies add to those that are there already, as formulas (SEMANTICS A). What they are
/// meant to admit is written here without a look at how a dialect reads a peer, so that a peer
/// which means more than it says is found.
namespace meshproof {

namespace {

Formula kept_source(const KeptTerm& term, FlowTerms& terms) {
  Problem& problem = terms.problem();
  const FlowVariables& flow = terms.flow();
  if (term.block) {
    const Formula counts =
        term.block_holds_pods ? Problem::truth() : problem.negate(terms.is_pod());
    return problem.all_of({counts, terms.block_holds(*term.block, flow.source_address)});
  }
  const Formula in_project = terms.source_namespace(
      [&](NamespaceId ns) {
        return meshproof::matches(term.source_projects, terms.cluster().at(ns).labels);
      },
      flow.future_namespace.matches(term.source_projects, problem));
  const Formula has_labels = flow.source_pod.matches(term.source_pods, problem);
  const PolicyPeer words{term.source_projects, term.source_pods, std::nullopt, {}};
  const Formula left_over = problem.all_of(
      {terms.is_pod(), terms.took_over(words, flow.destination, flow.source_address)});
  return problem.any_of({problem.all_of({in_project, has_labels}), left_over});
}

Formula kept(const KeptTerm& term, FlowTerms& terms) {
  Problem& problem = terms.problem();
  const FlowVariables& flow = terms.flow();
  std::vector<Formula> targets{flow.destination_pod.matches(term.pods, problem)};
  // SEMANTICS SDN-P7: who takes over the address of a completed pod is taken for it.
  for (const PodId id : terms.completed()) {
    const Pod& pod = terms.cluster().at(id);
    if (pod.ns != flow.destination || !meshproof::matches(term.pods, pod.labels)) continue;
    targets.push_back(terms.has_address_of(id, flow.destination_address));
  }
  return problem.all_of(
      {problem.any_of(std::move(targets)), kept_source(term, terms), terms.numbers(term.ports)});
}

}  // namespace

void AdditionClaim::add_words(FlowWords& words) const {
  for (const KeptTerm& term : addition_.kept) {
    words.destination.add(term.pods);
    words.namespaces.add(term.source_projects);
    words.source.add(term.source_pods);
    if (term.block) {
      words.blocks.push_back(term.block->cidr);
      words.blocks.insert(words.blocks.end(), term.block->except.begin(), term.block->except.end());
    }
    for (const Protocol protocol : kProtocols) {
      for (const PortRange range : term.ports.ranges(protocol)) {
        words.ports.emplace_back(protocol, range);
      }
    }
  }
}

Formula AdditionClaim::broken(FlowTerms& terms) const {
  Problem& problem = terms.problem();
  const NamespaceId destination = terms.flow().destination;
  FlowView before;
  for (const PolicyId id : addition_.policies) before.policies.emplace(id, Problem::falsehood());
  const Formula without = terms.admitted_by(destination, Direction::Ingress, before);
  const Formula with = terms.admitted_by(destination, Direction::Ingress);
  terms.flow().admitted = with;
  std::vector<Formula> meant{without};
  for (const KeptTerm& term : addition_.kept) meant.push_back(kept(term, terms));
  const Formula wanted = problem.any_of(std::move(meant));
  const Formula difference = problem.any_of({problem.all_of({with, problem.negate(wanted)}),
                                             problem.all_of({wanted, problem.negate(with)})});
  return problem.all_of({difference, terms.reaches_out()});
}

}  // namespace meshproof
