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

/// What a failure that the state shows makes the operator try again with backoff: members without a
/// Reconciled condition and those that cannot end (operator-recorded.md, "Leave order"); for
/// operator 2.0 rolls with pending members and members that no roll lists; control planes that an
/// obstacle known here stopped (SEMANTICS M5).
[[nodiscard]] std::vector<Request> requests_in_backoff(const World& world);

/// The change requests that no SDN master has consumed yet.
[[nodiscard]] std::vector<Request> requests_of_sdn_master(const World& world);

}  // namespace meshproof
