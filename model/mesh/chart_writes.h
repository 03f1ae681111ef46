#pragma once

#include <string>

#include "model/mesh/control_plane.h"
#include "model/mesh/world.h"

namespace meshproof {

/// Creates a chart object, or stamps the one that is there: its spec stays as it is stored, because
/// the product's charts fix ports that the upstream ones leave open.
void apply_chart_object(World& world, const ControlPlane& plane, const Tree& wanted,
                        const std::string& generation);

/// The same for a Route of the charts. From operator 2.3 on one without a host is deleted and made
/// again with every mesh generation, and what somebody wrote into it is gone (SEMANTICS R4).
/// Nothing where kind Route is not served.
void apply_chart_route(World& world, const ControlPlane& plane, const Tree& wanted,
                       const std::string& generation);

/// What Jaeger's own operator makes of the control plane's Jaeger: its Route.
void make_jaeger_route(World& world, const ControlPlane& plane);

/// The Routes of a Jaeger that the control plane has no more.
void drop_jaeger_routes(World& world, const ControlPlane& plane);

}  // namespace meshproof
