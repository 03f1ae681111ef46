#pragma once

#include "model/mesh/world.h"

namespace meshproof {

/// The cluster's namespace controller: deletes what is in a terminating namespace, and the
/// namespace itself once nothing holds it.
void empty_namespace(World& world, const std::string& name);

}  // namespace meshproof
