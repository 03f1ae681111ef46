#pragma once

#include <string>

#include "model/cluster.h"
#include "solver/engines/flows/flow_encoder.h"

namespace meshproof {

/// Two states of a cluster as one, for questions about both.
struct UnitedStates {
  /// The second state, with the policies that only the first one has.
  Cluster cluster;
  FlowVersions versions;
  FlowView first;
  FlowView second;
  /// Why flows cannot be compared symbolically: another network, or other network ids. Empty if
  /// they can.
  std::string obstacle;
};

/// The namespaces of both are those of `second`; one that the first state lacks is there without
/// policies and with the same labels. Policies are the same if they have one name and say the same.
/// O(size of the clusters), and a copy of the second one.
[[nodiscard]] UnitedStates unite(const Cluster& first, const Cluster& second);

}  // namespace meshproof
