#pragma once

#include <cstddef>
#include <vector>

#include "model/object.h"
#include "model/suggestion.h"

/// Policies as objects. Only the files of suggest() include this.
namespace meshproof {

/// A rule and the flows that need it, by their places.
struct NeededRule {
  KeptRule rule;
  std::vector<std::size_t> flows;
};

/// One policy for each set of pods and direction, with the rules of all flows to (or from) them.
/// Their names say the first flow, `allow-payments-api-to-orders`, and are free in their
/// namespaces. No label stands on them: what the mesh operator owns it deletes (operator.md 3.3).
[[nodiscard]] std::vector<SuggestedPolicy> draft_policies(const std::vector<NeededRule>& needed,
                                                          const std::vector<KeptFlow>& flows,
                                                          const ObjectStore& objects);

}  // namespace meshproof
