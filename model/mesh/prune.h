#pragma once

#include <string>
#include <vector>

#include "model/mesh/control_plane.h"
#include "model/mesh/world.h"

namespace meshproof {

/// Deletes what the operator has made for a control plane and is not of this mesh generation; with
/// an empty generation, all of it. In the operator's order of kinds (operator.md 6.2).
void prune(World& world, const Object& control_plane, const std::string& generation);

/// The object with the mesh generation on it: all that a new generation changes in what the charts
/// make, because the operator sends the difference of two manifests. A label that somebody has
/// taken off stays off (SEMANTICS M1).
[[nodiscard]] Tree stamped(Tree object, const ControlPlane& plane, const std::string& generation);

/// Gives the mesh generation to what the charts make and is not predicted (Routes, Kiali,
/// workloads), unless it is known that they make it no more.
void restamp_others(World& world, const Object& control_plane, const std::string& generation);

/// The gateways, as `NAMESPACE/NAME`, in projects that the roll's status does not list
/// as configured: with one of these the operator applies no chart (operator-recorded.md, case 73).
[[nodiscard]] std::vector<std::string> gateways_outside(const World& world,
                                                        const Object& control_plane);

/// Deletes what the control plane owns by reference, once it is gone; also the Role and RoleBinding
/// of the mesh's users where the input shows no owner of them.
void collect_garbage(World& world, const ObjectKey& control_plane);

}  // namespace meshproof
