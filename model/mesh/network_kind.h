#pragma once

#include "model/mesh/world.h"

namespace meshproof {

/// Takes the kind of the cluster's Network as not served where the state shows that operators
/// before 2.2 could not ask for it (SEMANTICS M12), and says so.
void infer_network_kind(World& world);

}  // namespace meshproof
