#pragma once

#include <optional>

#include "model/mesh/admission.h"
#include "model/mesh/world.h"

namespace meshproof {

/// What the operator's webhooks make of a write to a ServiceMeshControlPlane (operator.md 7.3):
/// they fill in its version and profiles, or refuse it. `existing` is null for a creation.
[[nodiscard]] std::optional<Rejection> admit_control_plane(const World& world,
                                                           const Object* existing, Tree& tree);

/// What admission of operator 2.5 writes into a new control plane that does not say whether it
/// makes Routes of Gateways: from v2.5 on it makes none (operator.md 6.4).
void switch_routes_off(const OperatorVersion& version, Tree& plane);

}  // namespace meshproof
