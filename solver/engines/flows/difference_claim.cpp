#include "solver/engines/flows/difference_claim.h"

#include "solver/engines/flows/flow_terms.h"

namespace meshproof {

namespace {

Formula only(Formula one, Formula other, Problem& problem) {
  if (one == other) return Problem::falsehood();
  return problem.all_of({one, problem.negate(other)});
}

}  // namespace

Formula DifferenceClaim::broken(FlowTerms& terms) const {
  Problem& problem = terms.problem();
  const Formula first = terms.open(first_);
  const Formula second = terms.open(second_);
  terms.flow().admitted = second;
  std::vector<Formula> cases;
  if (sought_ != Sought::Gained) cases.push_back(only(first, second, problem));
  if (sought_ != Sought::Lost) cases.push_back(only(second, first, problem));
  return problem.any_of(std::move(cases));
}

Formula AdmissionClaim::broken(FlowTerms& terms) const {
  Problem& problem = terms.problem();
  const Formula first = terms.admitted_by(ns_, direction_, first_);
  const Formula second = terms.admitted_by(ns_, direction_, second_);
  terms.flow().admitted = second;
  const Formula difference =
      problem.any_of({only(first, second, problem), only(second, first, problem)});
  if (direction_ == Direction::Ingress) return difference;
  const Formula is_own =
      terms.source_namespace([&](NamespaceId ns) { return ns == ns_; }, Problem::falsehood());
  return problem.all_of({is_own, difference});
}

}  // namespace meshproof
