#pragma once

#include <optional>
#include <vector>

#include "backends/apply/scene.h"
#include "model/effects.h"

namespace meshproof {

/// Waits until all effects are seen, as long as patience says, and keeps the lease meanwhile. The
/// trouble names what is missing.
[[nodiscard]] std::optional<Trouble> wait_for_effects(ApplyScene& scene,
                                                      const std::vector<Effect>& effects);

/// Waits the time that the network is taken to need, since nothing tells that it has followed.
[[nodiscard]] std::optional<Trouble> wait_for_network(ApplyScene& scene, unsigned seconds);

/// Whether somebody else has changed, in the projects that the plan touches, what it rests on.
[[nodiscard]] std::optional<Trouble> check_projects(const ApplyScene& scene);

}  // namespace meshproof
