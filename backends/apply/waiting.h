#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "backends/apply/scene.h"
#include "model/effects.h"

namespace meshproof {

/// How long effects are waited for, and what is done meanwhile, about once a second; trouble in it
/// ends the waiting. Nothing: nothing.
struct WaitLimits {
  std::chrono::seconds patience;
  std::function<std::optional<Trouble>()> meanwhile;
};

/// Waits until all effects are seen. The trouble names what is missing.
[[nodiscard]] std::optional<Trouble> wait_for_effects(LiveState& live, Clock& clock,
                                                      const WaitLimits& limits,
                                                      const std::vector<Effect>& effects);

/// Waits until all effects are seen, as long as the patience of the options, and keeps the lease
/// meanwhile.
[[nodiscard]] std::optional<Trouble> wait_for_effects(ApplyScene& scene,
                                                      const std::vector<Effect>& effects);

/// Waits the time that the network is taken to need, since nothing tells that it has followed.
[[nodiscard]] std::optional<Trouble> wait_for_network(ApplyScene& scene, unsigned seconds);

/// Whether somebody else has changed, in the projects that the plan touches, what it rests on.
[[nodiscard]] std::optional<Trouble> check_projects(const ApplyScene& scene);

}  // namespace meshproof
