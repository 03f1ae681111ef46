#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "model/mesh/charts.h"

namespace meshproof {

// The tables of charts.cpp.

/// Which switch of the control plane an object hangs on.
enum class Needs : std::uint8_t {
  Nothing,
  Prometheus,
  Grafana,
  Kiali,
  Jaeger,
  Ingress,
  Egress,
  GatewayController,
};

/// Whom a chart's policy admits.
enum class Admits : std::uint8_t { Members, Routers, Everybody };

/// A NetworkPolicy of the charts; {rev} is the control plane's name. Versions 2.0 to 2.6 are alike.
struct PolicyRow {
  ChartGroup group;
  Needs needs;
  std::string_view name;
  std::string_view component;
  std::string_view app;
  Admits admits;
  /// The one port that the policy means to open: a name or a number. Whether it does is the
  /// variant's affair (ChartPorts). Empty: all.
  std::string_view port = {};
};

inline constexpr std::array kPolicies = std::to_array<PolicyRow>({
    {ChartGroup::Discovery, Needs::Nothing, "istio-istiod-{rev}", "istio-discovery", "istiod",
     Admits::Everybody, "webhook"},
    {ChartGroup::MeshConfig, Needs::Nothing, "istio-mesh-{rev}", "mesh-config", "istio",
     Admits::Members},
    {ChartGroup::MeshConfig, Needs::Nothing, "istio-expose-route-{rev}", "mesh-config", "istio",
     Admits::Routers},
    {ChartGroup::MeshConfig, Needs::Prometheus, "istio-prometheus-ingress", "prometheus",
     "prometheus", Admits::Everybody, "3001"},
    {ChartGroup::Gateways, Needs::Jaeger, "istio-jaeger-ingress", "tracing", "jaeger",
     Admits::Everybody, "8443"},
    {ChartGroup::Gateways, Needs::Ingress, "istio-ingressgateway", "istio-ingress",
     "istio-ingressgateway", Admits::Everybody},
    {ChartGroup::Gateways, Needs::Grafana, "istio-grafana-ingress", "grafana", "grafana",
     Admits::Everybody, "3001"},
    {ChartGroup::Kiali, Needs::Kiali, "istio-kiali-ingress", "kiali", "kiali", Admits::Everybody,
     "20001"},
});

/// How a binding's subject names its namespace, and where the binding lives.
enum class Scope : std::uint8_t { Project, ProjectLocalSubject, Cluster, ProjectOrCluster };

/// A binding of the charts, in the control-plane versions v2.first to v2.last. {rev} is the control
/// plane's name, {ns} its project. An empty role is called like the binding.
struct BindingRow {
  ChartGroup group;
  Needs needs;
  int first;
  int last;
  std::string_view name;
  std::string_view component;
  std::string_view app;  ///< empty: no label
  std::string_view role_kind;
  std::string_view role;
  std::string_view account;
  Scope scope;
  bool internal;  ///< annotation maistra.io/internal
  bool revision;  ///< label istio.io/rev
};

inline constexpr int kNewest = 99;
inline constexpr std::string_view kCluster = "ClusterRole";
inline constexpr std::string_view kLocal = "Role";

inline constexpr std::array kBindings = std::to_array<BindingRow>({
    {ChartGroup::Discovery, Needs::Nothing, 0, 0, "istiod-pilot-{rev}", "istio-discovery", "pilot",
     kCluster, "istiod-{rev}-{ns}", "istiod-service-account-{rev}", Scope::Project, false, false},
    {ChartGroup::Discovery, Needs::Nothing, 1, 1, "istiod-{rev}-{ns}", "istio-discovery", "istiod",
     kCluster, "", "istiod-service-account-{rev}", Scope::Project, false, false},
    {ChartGroup::Discovery, Needs::Nothing, 2, kNewest, "istiod-clusterrole-{rev}-{ns}",
     "istio-discovery", "istiod", kCluster, "", "istiod-{rev}", Scope::ProjectOrCluster, false,
     false},
    {ChartGroup::Discovery, Needs::GatewayController, 2, kNewest,
     "istiod-gateway-controller-{rev}-{ns}", "istio-discovery", "istiod", kCluster, "",
     "istiod-{rev}", Scope::ProjectOrCluster, false, false},
    {ChartGroup::Discovery, Needs::Nothing, 1, 1, "istiod-internal-{rev}", "istio-discovery",
     "istiod", kLocal, "", "istiod-service-account-{rev}", Scope::Project, true, false},
    {ChartGroup::Discovery, Needs::Nothing, 2, kNewest, "istiod-internal-{rev}", "istio-discovery",
     "istiod", kLocal, "", "istiod-{rev}", Scope::Project, true, false},
    {ChartGroup::Discovery, Needs::Nothing, 0, 1, "istiod-internal-{rev}-{ns}", "istio-discovery",
     "istiod", kCluster, "", "istiod-service-account-{rev}", Scope::Cluster, false, false},
    {ChartGroup::Discovery, Needs::Nothing, 2, kNewest, "istiod-internal-{rev}-{ns}",
     "istio-discovery", "istiod", kCluster, "", "istiod-{rev}", Scope::Cluster, false, false},
    {ChartGroup::MeshConfig, Needs::Prometheus, 0, kNewest, "prometheus-{ns}", "prometheus",
     "prometheus", kCluster, "", "prometheus", Scope::Project, false, false},
    {ChartGroup::Gateways, Needs::Ingress, 0, kNewest, "istio-ingressgateway-sds", "istio-ingress",
     "", kLocal, "", "istio-ingressgateway-service-account", Scope::ProjectLocalSubject, false,
     true},
    {ChartGroup::Gateways, Needs::Egress, 1, kNewest, "istio-egressgateway-sds", "istio-egress", "",
     kLocal, "", "istio-egressgateway-service-account", Scope::ProjectLocalSubject, false, true},
    {ChartGroup::Extensions, Needs::Nothing, 1, 2, "wasm-cacher-registry-viewer-{rev}",
     "wasm-extensions", "wasm-cacher", kCluster, "registry-viewer", "wasm-cacher-{rev}",
     Scope::Project, false, true},
    {ChartGroup::Extensions, Needs::Nothing, 1, 2, "wasm-cacher-{rev}", "wasm-extensions",
     "wasm-cacher", kCluster, "wasm-cacher-{rev}-{ns}", "wasm-cacher-{rev}", Scope::Project, false,
     true},
});

}  // namespace meshproof
