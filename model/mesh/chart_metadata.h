#pragma once

#include <string>
#include <string_view>

#include "model/mesh/control_plane.h"
#include "model/tree.h"

namespace meshproof {

/// What the operator stamps on every chart object (operator.md 6.1): `metadata` with the name,
/// labels and annotations. `chart_labels` are those of the chart: `app=istiod,istio=pilot`.
[[nodiscard]] Tree stamped_metadata(const ControlPlane& plane, std::string name,
                                    std::string_view component, std::string_view chart_labels,
                                    bool internal, const std::string& generation);

/// `metadata.ownerReferences` to the control plane.
[[nodiscard]] Tree owner_reference(const ControlPlane& plane, std::string_view api_version);

/// Sets the project. Only objects in the control plane's own project are owned by reference.
void put_into(Tree& metadata, const ControlPlane& plane, const std::string& project);

}  // namespace meshproof
