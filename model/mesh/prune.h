#pragma once

#include <string>

#include "model/mesh/world.h"

namespace meshproof {

/// Deletes what the operator has made for a control plane and is not of this mesh generation; with
/// an empty generation, all of it. In the operator's order of kinds (operator.md 6.2).
void prune(World& world, const Object& control_plane, const std::string& generation);

/// Gives the mesh generation to what the charts make and is not predicted (Routes, Kiali,
/// workloads), unless its component is switched off.
void restamp_others(World& world, const Object& control_plane, const std::string& generation);

/// Deletes what the control plane owns by reference, once it is gone.
void collect_garbage(World& world, const ObjectKey& control_plane);

}  // namespace meshproof
