#pragma once

#include "model/diagnostic.h"
#include "model/object.h"

namespace meshproof {

/// What several meshes, or the objects of one, contradict each other in: `two-control-planes` in a
/// project, `project-in-two-rolls`, `mesh-reference-circle`. Warnings at the second place, with the
/// first as a note; the rest is analysed. O(members × log members).
void check_meshes(const ObjectStore& objects, Diagnostics& diagnostics);

}  // namespace meshproof
