#pragma once

#include <vector>

#include "model/cluster.h"
#include "tests/solver/random_mesh.h"

namespace meshproof {

/// Two states of one cluster: some policies and egress firewalls are only in one of them, some
/// namespaces get the labels of another, or other multicast.
struct RandomStates {
  Cluster before;
  Cluster after;
  std::vector<NamespaceId> changed;  ///< perhaps
};

[[nodiscard]] RandomStates random_states(const Choose& choose, const Cluster& both);

/// Keeps those of the policies for which `kept` is true.
void keep_policies(Cluster& cluster, const std::vector<bool>& kept);

}  // namespace meshproof
