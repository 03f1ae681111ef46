#pragma once

#include <vector>

#include "model/change.h"
#include "model/mesh/found_operator.h"
#include "model/mesh/simulation.h"
#include "model/mesh/world.h"
#include "model/result.h"

namespace meshproof {

/// One way in which a change can go.
struct Course {
  World world;
  std::vector<RefusedEdit> refusals;
};

/// Plays a change on a settled state until nothing moves after its last phase. What the state shows
/// as begun goes on before; a change without edits leaves it alone.
[[nodiscard]] Result<Course> play(const ObjectStore& before, const Change& change,
                                  const FoundOperator& found, Platform platform);

/// Plays further phases on a course that has come to rest.
[[nodiscard]] Result<Course> go_on(Course course, const std::vector<ChangePhase>& phases);

}  // namespace meshproof
