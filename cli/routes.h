#pragma once

#include <vector>

#include "model/cluster.h"
#include "model/object.h"
#include "model/plan.h"
#include "model/reachability.h"

namespace meshproof {

/// The Routes and Ingresses whose pods the router loses or gains with the change: routers are the
/// workloads of namespaces with `network.openshift.io/policy-group: ingress`. By namespace and
/// name. `objects` and `cluster` are the state after.
[[nodiscard]] std::vector<RouteChange> find_route_changes(const ObjectStore& objects,
                                                          const Cluster& cluster,
                                                          const ReachabilityChange& change);

}  // namespace meshproof
