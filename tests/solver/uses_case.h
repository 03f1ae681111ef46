#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/snapshot.h"
#include "model/use.h"

/// A cluster for the tests of uses, and uses as text.
///
/// Projects shop (pods web: TCP 8080 named http and 9102 named metrics, app=web, on worker; admit:
/// TCP 9443, on the control plane's node) and pay (a Deployment api, app=api), openshift-ingress
/// with a router, both monitoring projects with a Prometheus. Services shop/web (80 to http, 9102
/// to metrics, label team=shop), shop/admit (443 to 9443) and the headless shop/peers (of web).
/// Nodes master (a control plane's) and worker.
namespace meshproof {

[[nodiscard]] std::string uses_cluster();
[[nodiscard]] Snapshot uses_snapshot(const std::string& more);

/// `route: Route shop/web: router openshift-ingress: openshift-ingress/router → shop/web TCP 8080`,
/// a line for each use.
[[nodiscard]] std::vector<std::string> to_lines(const Uses& uses, const Cluster& cluster);

}  // namespace meshproof
