#pragma once

#include <span>
#include <string_view>

namespace meshproof {

/// What the charts of one control-plane version (`spec.version`) fix, apart from the objects of
/// charts.h, whose rows name the versions that have them.
struct ControlPlaneVersion {
  std::string_view name;                ///< `v2.5`
  int number;                           ///< 205: versions are compared by it
  std::string_view network_attachment;  ///< of the CNI plugin: `v2-5-istio-cni`
  std::string_view maistra_version;     ///< the label on every object
  /// PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER of the chart's values.
  bool gateway_controller;
  /// Recorded from a running operator; otherwise an extrapolation that every output states.
  bool recorded;
};

[[nodiscard]] std::span<const ControlPlaneVersion> control_plane_versions();

/// The row of the version; null if there is none.
[[nodiscard]] const ControlPlaneVersion* find_control_plane_version(std::string_view name);

/// The row of the version, or the nearest one.
[[nodiscard]] const ControlPlaneVersion& nearest_control_plane_version(std::string_view name);

}  // namespace meshproof
