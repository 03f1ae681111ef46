#include "solver/engines/flows/hop_claim.h"

#include "solver/engines/flows/flow_terms.h"

namespace meshproof {

Formula HopClaim::broken(FlowTerms& terms) const {
  Problem& problem = terms.problem();
  const FlowView moment = moment_view(terms, views_.now, steps_);
  const Formula has = terms.open(only_second_ ? views_.second : views_.first);
  const Formula lacks = terms.open(only_second_ ? views_.first : views_.second);
  if (has == lacks) return Problem::falsehood();
  return problem.all_of({has, problem.negate(lacks), terms.open(moment)});
}

}  // namespace meshproof
