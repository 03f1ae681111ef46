#pragma once

#include "scenarios/generate/project.h"

namespace meshproof {

/// The NetworkPolicies of a project: as many as the shape has, of the forms that real clusters
/// have, each with its own values. False if `take` was.
bool generate_policies(const GeneratedProject& project, const ClusterShape& shape,
                       const TakeObject& take);

}  // namespace meshproof
