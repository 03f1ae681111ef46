#pragma once

#include <string>
#include <vector>

#include "model/mesh/charts.h"
#include "model/mesh/control_plane.h"
#include "model/object.h"

namespace meshproof {

/// The Routes that the charts of a control plane make for one group, as the operator sends them:
/// of Prometheus and Grafana, of the ingress gateway and the additional ones (operator.md 6.3).
/// Without `spec.host` where the charts name none: the API server fills it in.
[[nodiscard]] std::vector<Tree> chart_routes(const ControlPlane& plane, ChartGroup group,
                                             const std::string& generation);

/// All groups' Routes.
[[nodiscard]] std::vector<Tree> chart_routes(const ControlPlane& plane,
                                             const std::string& generation);

/// chart_fate() of a Route.
[[nodiscard]] ChartFate route_fate(const ControlPlane& plane, const ObjectKey& key);

/// The Route that Jaeger's own operator makes for the Jaeger of a control plane, as far as the mesh
/// operator looks at it.
[[nodiscard]] Tree jaeger_route(const ControlPlane& plane);

}  // namespace meshproof
