#pragma once

#include <vector>

#include "model/mesh/world.h"

namespace meshproof {

/// Whom a write wakes up (the watches of the operator's controllers, of the SDN master and of the
/// namespace controller). `before` is null for a new object, `after` for a deleted one.
[[nodiscard]] std::vector<Request> requests_after_write(const World& world, const Object* before,
                                                        const Object* after);

/// What the controllers find when the operator starts: every control plane, member and roll.
[[nodiscard]] std::vector<Request> requests_after_start(const World& world);

}  // namespace meshproof
