#pragma once

#include <vector>

#include "model/snapshot.h"
#include "model/verdict.h"

namespace meshproof {

/// The tenancy statement in the modes Multitenant and Subnet of the OpenShift SDN, where policies
/// do not count (SEMANTICS T11): decided from the NetIDs, without a solver.
[[nodiscard]] Finding tenancy_by_netid(const Snapshot& snapshot, const std::string& mesh,
                                       const std::vector<NamespaceId>& members);

}  // namespace meshproof
