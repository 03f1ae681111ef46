#pragma once

#include "model/mesh/world.h"

namespace meshproof {

/// One turn of operator 2.0's roll controller, which configures the projects itself. A failed
/// project makes the whole turn be tried again.
void reconcile_roll_directly(World& world, const Request& request);

/// One turn of operator 2.0's ServiceMeshMember controller, which only puts the member's project
/// into the roll, and takes it out again.
void reconcile_member_of_list(World& world, const Request& request);

}  // namespace meshproof
