#pragma once

#include <optional>
#include <string>

#include "model/mesh/world.h"

namespace meshproof {

/// Why the API server or the operator's webhooks refuse a write.
struct Rejection {
  int code = 400;
  std::string message;
};

/// What admission makes of a write to a mesh object (operator.md 7): the operator's webhooks may
/// change `next`, or refuse it. `existing` is null for a creation. Permissions are not looked at:
/// the writer is taken to have them. Other kinds pass.
[[nodiscard]] std::optional<Rejection> admit(const World& world, const Object* existing,
                                             Tree& next);

}  // namespace meshproof
