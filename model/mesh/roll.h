#pragma once

#include <string>

#include "model/mesh/world.h"

namespace meshproof {

/// One turn of the operator's ServiceMeshMemberRoll controller, operators 2.1 and later: makes and
/// deletes ServiceMeshMembers, tells Kiali, and writes the roll's status.
void reconcile_roll(World& world, const Request& request);

/// The ServiceMeshMember by which the roll puts a project into the mesh of a control plane.
[[nodiscard]] Tree new_member(const std::string& ns, const ObjectKey& control_plane);

}  // namespace meshproof
