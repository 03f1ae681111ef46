#pragma once

#include <cstdint>
#include <vector>

#include "model/cluster.h"
#include "model/mesh/mesh.h"

/// Pods of a control plane that members depend on. Only files of solver/lint include this.
namespace meshproof {

struct ControlPlanePods {
  std::vector<PodId> istiods;  ///< istiod, or Pilot of v1
  /// Where sidecars have their configuration from: 15012, of v1 15010.
  std::uint16_t discovery_port = 0;
  std::vector<PodId> gateways;  ///< the standard ones, in the control plane's project
};

/// By their labels: `app: istiod`, `istio: pilot`, `istio: ingressgateway`, `istio: egressgateway`.
/// Those that run on the pod network or are about to. O(pods of the project).
[[nodiscard]] ControlPlanePods control_plane_pods(const Cluster& cluster, const Mesh& mesh);

}  // namespace meshproof
