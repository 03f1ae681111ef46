#pragma once

#include <vector>

#include "model/mesh/simulation.h"
#include "model/mesh/world.h"
#include "model/prediction.h"

namespace meshproof {

/// What becomes of every namespace that the change touches: those that belong, want to belong or
/// belonged to a mesh and that a step, a refused edit or a failing controller speaks of. Sorted by
/// namespace, then mesh.
[[nodiscard]] std::vector<Outcome> find_outcomes(const ObjectStore& before, const World& world,
                                                 const std::vector<RefusedEdit>& refusals);

}  // namespace meshproof
