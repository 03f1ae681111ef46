#pragma once

#include <set>
#include <string>

#include "model/mesh/world.h"

namespace meshproof {

/// Whether a roll has a namespace in view as the operator's namespace watch sees it (operator.md
/// 1.3): listed, or matched by `*` or a selector, and not excluded.
[[nodiscard]] bool selects(const World& world, const Object& roll, const Object& ns);

/// The namespaces that must be members by this roll: every listed one, existing or not, and every
/// existing one that `*` or a selector matches; never the control plane's own or the operator's.
[[nodiscard]] std::set<std::string> required_namespaces(const World& world, const Object& roll);

/// The operator's own reading of a label selector, which differs from Kubernetes: a missing key has
/// the value "", and an unknown operator matches.
[[nodiscard]] bool operator_matches(const Tree& selector, const Object& ns);

}  // namespace meshproof
