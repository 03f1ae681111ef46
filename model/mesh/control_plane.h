#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/mesh/control_plane_version.h"
#include "model/mesh/operator_version.h"
#include "model/object.h"

namespace meshproof {

/// A gateway besides the two standard ones, whose objects live in `ns`.
struct AdditionalGateway {
  std::string name;
  std::string ns;
  bool ingress = true;
  std::optional<bool> enabled;  ///< unset means off
  Tree labels = {};             ///< of its Service, and so of its pods
  bool route = true;            ///< `routeConfig.enabled`
};

/// The Route of an addon, as far as the spec of a control plane decides it.
struct AddonRoute {
  bool enabled = true;             ///< `ingress.enabled`
  std::vector<std::string> hosts;  ///< counts from v2.4 on: one Route for each; none: one without
  Tree annotations = {};
};

/// What a ServiceMeshControlPlane asks for, as far as it decides membership and the network.
/// Unset fields have the values of profile `default`.
struct ControlPlane {
  std::string ns;
  std::string name;
  std::string version_text;  ///< spec.version, or what admission sets where it is missing
  const ControlPlaneVersion* version = nullptr;  ///< the nearest row if it is unknown
  bool version_known = true;
  bool cluster_wide = false;
  bool manages_policies = true;  ///< spec.security.manageNetworkPolicy, where the operator knows it
  bool names_owner = true;       ///< its objects carry `maistra.io/owner-name`
  bool prometheus = true;
  bool grafana = true;
  bool kiali = true;
  std::string kiali_name = "kiali";
  bool own_kiali_name = false;  ///< spec.addons.kiali.name is set
  bool jaeger = true;           ///< tracing by Jaeger
  std::string jaeger_name = "jaeger";
  bool jaeger_in_one = true;     ///< v1: template all-in-one
  bool external_jaeger = false;  ///< v1.1: no own tracing, but the address of another one
  bool mixer = false;            ///< policy or telemetry by Mixer
  bool ingress_secrets = true;   ///< v1.1: `sds` of the gateway
  bool egress_secrets = true;
  bool makes_routes = false;  ///< of Gateways (IOR): `openshiftRoute.enabled`, v1.1 `ior_enabled`
  AddonRoute prometheus_route;
  AddonRoute grafana_route;
  AddonRoute kiali_route;     ///< made by Kiali's own operator
  bool ingress_route = true;  ///< `routeConfig.enabled` of the ingress gateway
  bool ingress = true;
  bool egress = true;
  std::string ingress_namespace;  ///< where the standard gateways live: the plane's own project
  std::string egress_namespace;   ///< unless the spec names another
  bool gateway_controller = true;
  std::vector<AdditionalGateway> additional_gateways;
};

/// Reads a spec of either schema: v2, and that of v1, whose values lie below spec.istio. A missing
/// spec.version is that of the charts which the status shows, else the operator's newest.
[[nodiscard]] ControlPlane read_control_plane(const Object& object, const OperatorVersion& version);

/// Whether a spec is cluster-wide as the rules of this version read it.
[[nodiscard]] bool is_cluster_wide(const Tree& spec, const ControlPlaneVersion& version);

/// True if the operator has brought the whole spec to the cluster: the status tells that the
/// generation is Reconciled.
[[nodiscard]] bool is_reconciled(const Object& control_plane);

/// True if the object comes from a repository rather than from a cluster where the operator runs:
/// it has no status.
[[nodiscard]] bool lacks_status(const Object& control_plane);

/// What the status says of a control plane, for the status of rolls and members: `2.5.1-3`.
[[nodiscard]] std::string reconciled_version(const Object& control_plane);

}  // namespace meshproof
