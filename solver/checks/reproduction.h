#pragma once

#include <string>

#include "model/object.h"
#include "model/snapshot.h"
#include "solver/engines/flows/flow_problem.h"
#include "solver/engines/smt_text.h"

namespace meshproof {

/// The objects that decide who reaches whom through NetworkPolicies and whose mesh a project is of,
/// whole: projects, their network ids and policies, the network, member rolls and control planes.
/// Pods are left out but for completed ones, which leave their addresses behind (SDN-P7): every pod
/// that could be is spoken of. O(objects).
[[nodiscard]] ObjectStore objects_of_isolation(const Snapshot& snapshot);

/// What the variables of the problem are about.
[[nodiscard]] ProblemNames names_of(const FlowProblem& problem, const Cluster& cluster);

}  // namespace meshproof
