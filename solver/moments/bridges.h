#pragma once

#include <string>
#include <vector>

#include "model/prediction.h"
#include "model/safe_order.h"
#include "model/snapshot.h"

namespace meshproof {

/// Temporary policies by which projects keep, while a change is on its way, what both states admit,
/// and admit no more by them (SEMANTICS B3 to B6).
struct Bridges {
  std::vector<BridgePolicy> policies;  ///< by namespace and name; none if none is needed
  /// Empty, or why the policies may admit less than what both states do.
  std::string incomplete;
};

/// `digest` is the value of the label that the policies carry, and a part of their names: a DNS
/// label of 40 characters at most. `steps` lead from the state before to the state after.
/// O(policies of the projects whose rules change × peers × namespaces, and what they admit).
[[nodiscard]] Bridges bridges_between(const Snapshot& before, const Snapshot& after,
                                      const std::vector<Step>& steps, const std::string& digest);

}  // namespace meshproof
