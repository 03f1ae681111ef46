#pragma once

#include <string>

#include "model/assertion.h"
#include "tests/solver/random_mesh.h"

namespace meshproof {

/// Manifests beside a random mesh: running pods, some without an address, with named ports, at both
/// sides of the borders of its policies; policies of the control plane's project; the project that
/// stands for hosts.
[[nodiscard]] std::string random_pods(const Choose& choose);

/// A deny, allow or isolate about such a cluster of which a group at least is unbounded: all sorts
/// of groups, exceptions and ports.
[[nodiscard]] Assertion random_unbounded(const Choose& choose);

}  // namespace meshproof
