#pragma once

#include <string>
#include <vector>

#include "model/snapshot.h"
#include "model/suggestion.h"
#include "model/verdict.h"
#include "solver/engines/smt.h"

namespace meshproof {

/// Proves what NetworkPolicies add to a state: the flows that the rules mean, nothing else, and
/// that they close nothing (SEMANTICS A2–A5). `with` is `without` and the policies, see
/// with_objects(). Gives a verdict for each namespace with policies of ingress, of every pod that
/// could ever exist, and one of the pods and addresses of the input for all of them together. None
/// where there is no policy.
[[nodiscard]] std::vector<Verdict> prove_addition(const Snapshot& without, const Snapshot& with,
                                                  const std::vector<SuggestedPolicy>& policies,
                                                  const std::vector<KeptRule>& rules,
                                                  const SmtLimits& limits = {});

}  // namespace meshproof
