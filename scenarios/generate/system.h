#pragma once

#include <cstddef>

#include "scenarios/generate/platform.h"

namespace meshproof {

/// Pods of the router and of the control plane, which come after those of the projects.
inline constexpr std::size_t kSystemPods = 4;

/// The router's namespace, its pods and those of the control plane (as Deployments if the shape
/// says so). False if `take` was.
bool generate_system(const ClusterShape& shape, const Machines& machines, const TakeObject& take);

}  // namespace meshproof
