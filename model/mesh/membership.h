#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/mesh/world.h"

namespace meshproof {

/// A project that the operator has taken on for a mesh.
struct Membership {
  std::string ns;
  ObjectKey plane;          ///< an existing ServiceMeshControlPlane
  bool configured = false;  ///< the status says that everything was written
};

/// Every project with a ServiceMeshMember that refers to an existing control plane; with operators
/// whose roll configures members, every one on the roll of an existing control plane. Without the
/// control planes' own projects. Sorted by project.
[[nodiscard]] std::vector<Membership> memberships(const World& world);

/// What Kiali may show and the roll's status lists: the projects that a roll requires, and all that
/// refer to its mesh (operator.md 1.5).
[[nodiscard]] std::set<std::string> known_members(const World& world, const Object& roll);

}  // namespace meshproof
