#pragma once

#include <string>

#include "model/mesh/control_plane.h"
#include "model/mesh/world.h"

namespace meshproof {

/// True if the status tells that the operator could not bring the spec to the cluster, and the
/// state shows an obstacle that the prediction knows: a gateway outside of the mesh, Kiali without
/// Prometheus. The message, which a dump may lack, is not asked.
[[nodiscard]] bool is_held_up(const World& world, const Object& control_plane);

/// One turn of the operator's ServiceMeshControlPlane controller: the next chart group of an
/// installation or update, its end (prune, status), or a whole deletion. What the charts make
/// besides NetworkPolicies and bindings is not predicted.
void reconcile_control_plane(World& world, const Request& request);

/// Labels the control plane's own project as the operator does before it installs.
void label_own_project(World& world, const Object& control_plane);

/// Tells what is not read of a control plane that its members or its charts hang on.
void warn_of_control_plane(World& world, const Object& object, const ControlPlane& plane);

/// The profiles of the spec as text, unless they are among those that the operator ships.
[[nodiscard]] std::string unread_profiles(const Object& control_plane);

/// Marks a control plane as fully reconciled in its status.
void report_installed(World& world, const Object& control_plane);

/// `2.5.1-3`: what the operator stamps on everything it makes for this generation.
[[nodiscard]] std::string mesh_generation(const World& world, const Object& control_plane);

}  // namespace meshproof
