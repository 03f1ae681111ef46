#pragma once

#include <cstddef>

#include "scenarios/generate/platform.h"
#include "scenarios/generate/project.h"

namespace meshproof {

/// The pods of a project, or the Deployments that stand for them. `first` is the number of its
/// first pod in the cluster, which decides nodes and addresses. False if `take` was.
bool generate_pods(const GeneratedProject& project, const ClusterShape& shape,
                   const Machines& machines, std::size_t first, const TakeObject& take);

}  // namespace meshproof
