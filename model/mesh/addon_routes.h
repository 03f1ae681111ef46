#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/object.h"

namespace meshproof {

/// The Routes that the operators of Kiali and Jaeger make for the Kialis and Jaegers of the state:
/// asynchronously, and unless `ingress.enabled` is false. Whole objects, in key order.
[[nodiscard]] std::vector<Tree> addon_routes(const ObjectStore& objects);

/// Deployments and Services in the place of those that the charts and the addons' operators make
/// for the control planes of these projects: with their names, pod labels and ports, as far as
/// Routes lead to them. Nothing for a project of which the state has any Service, Pod or
/// Deployment: then it is taken to be known.
[[nodiscard]] std::vector<Tree> addon_workloads(const ObjectStore& objects,
                                                const std::set<std::string>& meshes);

/// Who has made a Route: `charts` of a control plane, `ior` (of a Gateway), `kiali` or `jaeger`
/// (their operators); empty for anybody else.
[[nodiscard]] std::string maker_of_route(const Object& route);

}  // namespace meshproof
