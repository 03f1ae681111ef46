#pragma once

#include <string>

#include "model/mesh/world.h"

namespace meshproof {

/// The operator's first write to an object of its kinds: its finalizer, so that it can clean up
/// before the object goes. `project` and `rank` go into the step.
void hold(World& world, Tree object, std::string project = "", int rank = 0);

}  // namespace meshproof
