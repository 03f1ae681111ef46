#pragma once

#include <string_view>

#include "scenarios/generate.h"

namespace meshproof {

inline constexpr std::string_view kMeshNamespace = "istio-system";

/// The one mesh of a shape, with its members, at rest as the operator leaves it: the control
/// plane, the roll, the members' Namespaces, NetNamespaces and what the operator has put into
/// them. The members' own policies and pods are not in it.
[[nodiscard]] ObjectStore generate_mesh(const ClusterShape& shape);

}  // namespace meshproof
