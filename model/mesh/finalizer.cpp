#include "model/mesh/finalizer.h"

#include <utility>

#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"

namespace meshproof {

void hold(World& world, Tree object, std::string project, int rank) {
  add_finalizer(object, kFinalizer);
  world.update(std::move(object), {"adds its finalizer", std::move(project), rank, true});
}

}  // namespace meshproof
