#pragma once

#include <string>
#include <string_view>

#include "model/mesh/control_plane.h"
#include "model/mesh/world.h"

namespace meshproof {

/// By these words a status tells which obstacle has stopped the operator.
inline constexpr std::string_view kGatewayOutside = "not in mesh";
inline constexpr std::string_view kPrometheusNeeded =
    ".spec.addons.prometheus.enabled must be true when .spec.addons.kiali.enabled is true";

/// One turn of the operator's ServiceMeshControlPlane controller: the next chart group of an
/// installation or update, its end (prune, status), or a whole deletion. What the charts make
/// besides NetworkPolicies and bindings is not predicted.
void reconcile_control_plane(World& world, const Request& request);

/// Labels the control plane's own project as the operator does before it installs.
void label_own_project(World& world, const Object& control_plane);

/// Tells what is not read of a control plane that its members or its charts hang on.
void warn_of_control_plane(World& world, const Object& object, const ControlPlane& plane);

/// Marks a control plane as fully reconciled in its status.
void report_installed(World& world, const Object& control_plane);

/// `2.5.1-3`: what the operator stamps on everything it makes for this generation.
[[nodiscard]] std::string mesh_generation(const World& world, const Object& control_plane);

}  // namespace meshproof
