#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/mesh/world.h"

namespace meshproof {

/// A binding by which an account of a control plane may do something where it has no business.
struct OutsideRights {
  const Object* binding = nullptr;
  std::string mesh;     ///< the control plane's project
  std::string account;  ///< `ServiceAccount mesh/istiod-basic`, `Group system:serviceaccounts:mesh`
};

/// Mission M1: a multi-tenant control plane has no rights outside of its members. Gives, in key
/// order, the ClusterRoleBindings and the RoleBindings in projects that are not among the members
/// (project, mesh) which say otherwise. Not those that the charts of a control plane make, of
/// cluster-wide control planes, or to roles that let nobody see or change what is in a project.
/// Points into the world. O(bindings × subjects).
[[nodiscard]] std::vector<OutsideRights> rights_outside(
    const World& world, const std::set<std::pair<std::string, std::string>>& members);

}  // namespace meshproof
