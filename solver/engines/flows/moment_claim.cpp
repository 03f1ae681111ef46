#include "solver/engines/flows/moment_claim.h"

#include "solver/engines/flows/flow_terms.h"

namespace meshproof {

FlowView moment_view(FlowTerms& terms, FlowView now, const std::vector<MomentStepWords>& steps) {
  Problem& problem = terms.problem();
  std::vector<Formula> in_effect;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Variable step = problem.add_variable(2);
    terms.flow().own.push_back(step);
    in_effect.push_back(problem.is(step, 1));
    problem.avoid(in_effect.back());
  }
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const MomentStepWords& step = steps[i];
    for (const PolicyId id : step.creates) now.policies[id] = in_effect[i];
    for (const PolicyId id : step.removes) now.policies[id] = problem.negate(in_effect[i]);
    for (const NamespaceId ns : step.relabels) now.relabelled[ns] = in_effect[i];
    for (const std::size_t needed : step.needs) {
      problem.require(problem.any_of({problem.negate(in_effect[i]), in_effect[needed]}));
    }
  }
  return now;
}

Formula MomentClaim::broken(FlowTerms& terms) const {
  Problem& problem = terms.problem();
  const FlowView moment = moment_view(terms, now_, steps_);
  const Formula first = terms.open(first_);
  const Formula second = terms.open(second_);
  const Formula now = terms.open(moment);
  if (rule_ == Rule::NoBlackhole) return problem.all_of({first, second, problem.negate(now)});
  return problem.all_of({now, problem.negate(problem.any_of({first, second}))});
}

}  // namespace meshproof
