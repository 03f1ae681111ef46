#pragma once

#include "model/mesh/world.h"

namespace meshproof {

/// One turn of the operator's ServiceMeshMemberRoll controller, operators 2.1 and later: makes and
/// deletes ServiceMeshMembers, tells Kiali, and writes the roll's status.
void reconcile_roll(World& world, const Request& request);

}  // namespace meshproof
