#pragma once

#include <optional>

#include "model/cluster.h"
#include "model/project/projection.h"

namespace meshproof {

/// One entry of `from` or `to`; empty when something in it is wrong (told in the diagnostics).
[[nodiscard]] std::optional<PolicyPeer> read_peer(const Tree& tree, Projection& projection);

/// One entry of `ports`; empty when something in it is wrong.
[[nodiscard]] std::optional<PolicyPort> read_policy_port(const Tree& tree, Projection& projection);

}  // namespace meshproof
