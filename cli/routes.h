#pragma once

#include <string>
#include <vector>

#include "model/plan.h"
#include "model/reachability.h"
#include "model/snapshot.h"

namespace meshproof {

/// The Routes and Ingresses whose pods a router loses or gains with the change (solver/exposures.h
/// says who is a router). By namespace and name, those of the state after.
[[nodiscard]] std::vector<RouteChange> find_route_changes(const Snapshot& before,
                                                          const Snapshot& after,
                                                          const ReachabilityChange& change);

/// The Routes and Ingresses of the namespaces of which nothing can be said, because the input has
/// no router: `Route shop/web`.
[[nodiscard]] std::vector<std::string> unjudged_routes(const Snapshot& snapshot,
                                                       const std::vector<std::string>& namespaces);

}  // namespace meshproof
