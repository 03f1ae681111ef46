#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "model/mesh/charts.h"

namespace meshproof {

// The tables of charts.cpp. Versions are numbers: 205 is v2.5. In texts {rev} is the control
// plane's name, {ns} its project, {jaeger} the name of its Jaeger. Sources: operator.md 2 and 3.4,
// operator resources/helm.

/// Which switch of the control plane an object hangs on.
enum class Needs : std::uint8_t {
  Nothing,
  Prometheus,
  Grafana,
  Kiali,
  Jaeger,
  JaegerInOne,
  JaegerQuery,
  ExternalJaeger,
  Mixer,
  Ingress,
  Egress,
  IngressSecrets,
  EgressSecrets,
  Routes,
  GatewayController,
};

/// Whom a chart's policy admits.
enum class Admits : std::uint8_t { Members, Routers, Everybody };

inline constexpr int kNewest = 999;

/// A NetworkPolicy of the charts in the control-plane versions first to last.
struct PolicyRow {
  ChartGroup group;
  Needs needs;
  int first;
  int last;
  std::string_view name;
  std::string_view component;
  std::string_view labels;  ///< those of the chart: `app=istiod,istio=pilot`
  /// The pods: `a=b,c in d|e`; empty: all of the project.
  std::string_view pods;
  Admits admits;
  bool internal;  ///< annotation maistra.io/internal: no member gets a copy
  /// The one port that the policy means to open: a name or a number. Whether it does is the
  /// variant's affair (ChartPorts). Empty: all.
  std::string_view port = {};
};

inline constexpr std::string_view kJaegerPods =
    "app.kubernetes.io/instance={jaeger},app.kubernetes.io/managed-by=jaeger-operator,"
    "app.kubernetes.io/part-of=jaeger,app.kubernetes.io/component in all-in-one|query";
inline constexpr std::string_view kV1JaegerPods =
    "app.kubernetes.io/name=jaeger,app.kubernetes.io/component=all-in-one,"
    "app.kubernetes.io/instance=jaeger,app.kubernetes.io/part-of=jaeger,"
    "app.kubernetes.io/managed-by=jaeger-operator";
inline constexpr std::string_view kV1JaegerQueryPods =
    "app.kubernetes.io/name=jaeger-query,app.kubernetes.io/component=query,"
    "app.kubernetes.io/instance=jaeger,app.kubernetes.io/part-of=jaeger,"
    "app.kubernetes.io/managed-by=jaeger-operator";
inline constexpr std::string_view kExternalJaegerPods =
    "app.kubernetes.io/part-of=jaeger,app.kubernetes.io/managed-by=jaeger-operator,"
    "app.kubernetes.io/component in all-in-one|query";
inline constexpr std::string_view kExposed = "maistra.io/expose-route=true";

inline constexpr std::array kPolicies = std::to_array<PolicyRow>({
    {ChartGroup::Discovery, Needs::Nothing, 100, 101, "istio-mesh", "istio", "app=istio", "",
     Admits::Members, false},
    {ChartGroup::Discovery, Needs::Nothing, 100, 101, "istio-expose-route", "istio", "", kExposed,
     Admits::Routers, false},
    {ChartGroup::Discovery, Needs::Nothing, 100, 101, "istio-ingress-router", "istio", "app=istio",
     "", Admits::Routers, true},
    {ChartGroup::Discovery, Needs::ExternalJaeger, 101, 101, "istio-external-jaeger-ingress",
     "istio", "app=jaeger", kExternalJaegerPods, Admits::Everybody, true, "8443"},
    {ChartGroup::MeshConfig, Needs::JaegerInOne, 100, 101, "istio-jaeger-ingress", "tracing",
     "app=jaeger", kV1JaegerPods, Admits::Everybody, true, "8443"},
    {ChartGroup::MeshConfig, Needs::JaegerQuery, 100, 101, "istio-jaeger-ingress", "tracing",
     "app=jaeger", kV1JaegerQueryPods, Admits::Everybody, true, "8443"},
    {ChartGroup::MeshConfig, Needs::Nothing, 100, 101, "istio-galley", "galley", "app=galley",
     "istio=galley", Admits::Everybody, true, "webhook"},
    {ChartGroup::Gateways, Needs::Ingress, 100, 101, "istio-ingressgateway", "gateways",
     "app=ingressgateway", "istio=ingressgateway", Admits::Everybody, true},
    {ChartGroup::Gateways, Needs::Nothing, 100, 101, "istio-sidecar-injector",
     "sidecarInjectorWebhook", "app=sidecarInjectorWebhook,istio=sidecar-injector",
     "istio=sidecar-injector", Admits::Everybody, true, "webhook"},
    {ChartGroup::Discovery, Needs::Nothing, 200, kNewest, "istio-istiod-{rev}", "istio-discovery",
     "app=istiod,istio=pilot,istio.io/rev={rev}", "app=istiod,istio.io/rev={rev}",
     Admits::Everybody, true, "webhook"},
    {ChartGroup::MeshConfig, Needs::Nothing, 200, kNewest, "istio-mesh-{rev}", "mesh-config",
     "app=istio", "", Admits::Members, false},
    {ChartGroup::MeshConfig, Needs::Nothing, 200, kNewest, "istio-expose-route-{rev}",
     "mesh-config", "app=istio", kExposed, Admits::Routers, false},
    {ChartGroup::MeshConfig, Needs::Prometheus, 100, kNewest, "istio-prometheus-ingress",
     "prometheus", "app=prometheus", "app=prometheus", Admits::Everybody, true, "3001"},
    {ChartGroup::Gateways, Needs::Jaeger, 200, kNewest, "istio-jaeger-ingress", "tracing",
     "app=jaeger", kJaegerPods, Admits::Everybody, true, "8443"},
    {ChartGroup::Gateways, Needs::Ingress, 200, kNewest, "istio-ingressgateway", "istio-ingress",
     "app=istio-ingressgateway,istio=ingressgateway",
     "app=istio-ingressgateway,istio=ingressgateway", Admits::Everybody, true},
    {ChartGroup::Gateways, Needs::Grafana, 100, kNewest, "istio-grafana-ingress", "grafana",
     "app=grafana", "app=grafana", Admits::Everybody, true, "3001"},
    {ChartGroup::Kiali, Needs::Kiali, 100, kNewest, "istio-kiali-ingress", "kiali", "app=kiali",
     "app=kiali", Admits::Everybody, true, "20001"},
});

/// How a binding's subject names its namespace, and where the binding lives.
enum class Scope : std::uint8_t { Project, ProjectLocalSubject, Cluster, ProjectOrCluster };

/// A binding of the charts, in the control-plane versions first to last. An empty role is called
/// like the binding.
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

inline constexpr std::string_view kCluster = "ClusterRole";
inline constexpr std::string_view kLocal = "Role";

inline constexpr std::array kBindings = std::to_array<BindingRow>({
    {ChartGroup::MeshConfig, Needs::Nothing, 100, 101, "istio-citadel-{ns}", "security", "security",
     kCluster, "", "istio-citadel-service-account", Scope::Project, false, false},
    {ChartGroup::MeshConfig, Needs::Nothing, 101, 101, "istio-citadel-mesh-{ns}", "security",
     "security", kCluster, "", "istio-citadel-service-account", Scope::Cluster, false, false},
    {ChartGroup::MeshConfig, Needs::Nothing, 100, 101, "istio-galley-admin-role-binding-{ns}",
     "galley", "galley", kCluster, "istio-galley-{ns}", "istio-galley-service-account",
     Scope::Project, false, false},
    {ChartGroup::MeshConfig, Needs::Mixer, 100, 101, "istio-mixer-admin-role-binding-{ns}", "mixer",
     "mixer", kCluster, "istio-mixer-{ns}", "istio-mixer-service-account", Scope::Project, false,
     false},
    {ChartGroup::MeshConfig, Needs::Nothing, 100, 101, "istio-pilot-{ns}", "pilot", "pilot",
     kCluster, "", "istio-pilot-service-account", Scope::Project, false, false},
    {ChartGroup::Gateways, Needs::Ingress, 100, 100, "istio-ingressgateway-{ns}", "gateways",
     "ingressgateway", kCluster, "", "istio-ingressgateway-service-account", Scope::Project, false,
     false},
    {ChartGroup::Gateways, Needs::Egress, 100, 100, "istio-egressgateway-{ns}", "gateways",
     "egressgateway", kCluster, "", "istio-egressgateway-service-account", Scope::Project, false,
     false},
    {ChartGroup::Gateways, Needs::IngressSecrets, 100, 101, "istio-ingressgateway-sds", "gateways",
     "", kLocal, "", "istio-ingressgateway-service-account", Scope::ProjectLocalSubject, false,
     false},
    {ChartGroup::Gateways, Needs::EgressSecrets, 100, 101, "istio-egressgateway-sds", "gateways",
     "", kLocal, "", "istio-egressgateway-service-account", Scope::ProjectLocalSubject, false,
     false},
    {ChartGroup::Gateways, Needs::Routes, 101, 101, "ior", "gateways", "ior", kLocal, "", "ior",
     Scope::ProjectLocalSubject, false, false},
    {ChartGroup::Gateways, Needs::Nothing, 100, 101,
     "istio-sidecar-injector-admin-role-binding-{ns}", "sidecarInjectorWebhook",
     "sidecarInjectorWebhook", kCluster, "istio-sidecar-injector-{ns}",
     "istio-sidecar-injector-service-account", Scope::Project, false, false},
    {ChartGroup::Discovery, Needs::Nothing, 200, 200, "istiod-pilot-{rev}", "istio-discovery",
     "pilot", kCluster, "istiod-{rev}-{ns}", "istiod-service-account-{rev}", Scope::Project, false,
     false},
    {ChartGroup::Discovery, Needs::Nothing, 201, 201, "istiod-{rev}-{ns}", "istio-discovery",
     "istiod", kCluster, "", "istiod-service-account-{rev}", Scope::Project, false, false},
    {ChartGroup::Discovery, Needs::Nothing, 202, kNewest, "istiod-clusterrole-{rev}-{ns}",
     "istio-discovery", "istiod", kCluster, "", "istiod-{rev}", Scope::ProjectOrCluster, false,
     false},
    {ChartGroup::Discovery, Needs::GatewayController, 202, kNewest,
     "istiod-gateway-controller-{rev}-{ns}", "istio-discovery", "istiod", kCluster, "",
     "istiod-{rev}", Scope::ProjectOrCluster, false, false},
    {ChartGroup::Discovery, Needs::Nothing, 201, 201, "istiod-internal-{rev}", "istio-discovery",
     "istiod", kLocal, "", "istiod-service-account-{rev}", Scope::Project, true, false},
    {ChartGroup::Discovery, Needs::Nothing, 202, kNewest, "istiod-internal-{rev}",
     "istio-discovery", "istiod", kLocal, "", "istiod-{rev}", Scope::Project, true, false},
    {ChartGroup::Discovery, Needs::Nothing, 200, 201, "istiod-internal-{rev}-{ns}",
     "istio-discovery", "istiod", kCluster, "", "istiod-service-account-{rev}", Scope::Cluster,
     false, false},
    {ChartGroup::Discovery, Needs::Nothing, 202, kNewest, "istiod-internal-{rev}-{ns}",
     "istio-discovery", "istiod", kCluster, "", "istiod-{rev}", Scope::Cluster, false, false},
    {ChartGroup::MeshConfig, Needs::Prometheus, 100, kNewest, "prometheus-{ns}", "prometheus",
     "prometheus", kCluster, "", "prometheus", Scope::Project, false, false},
    {ChartGroup::MeshConfig, Needs::Mixer, 200, 200, "istio-policy-admin-role-binding-{ns}",
     "istio-policy", "istio-policy", kCluster, "istio-policy-{ns}", "istio-policy-service-account",
     Scope::Project, false, false},
    {ChartGroup::MeshConfig, Needs::Mixer, 200, 200, "istio-mixer-admin-role-binding-{ns}",
     "mixer-telemetry", "istio-telemetry", kCluster, "istio-mixer-{ns}",
     "istio-mixer-service-account", Scope::Project, false, false},
    {ChartGroup::Gateways, Needs::IngressSecrets, 200, kNewest, "istio-ingressgateway-sds",
     "istio-ingress", "", kLocal, "", "istio-ingressgateway-service-account",
     Scope::ProjectLocalSubject, false, true},
    {ChartGroup::Gateways, Needs::EgressSecrets, 201, kNewest, "istio-egressgateway-sds",
     "istio-egress", "", kLocal, "", "istio-egressgateway-service-account",
     Scope::ProjectLocalSubject, false, true},
    {ChartGroup::Extensions, Needs::Nothing, 201, 202, "wasm-cacher-registry-viewer-{rev}",
     "wasm-extensions", "wasm-cacher", kCluster, "registry-viewer", "wasm-cacher-{rev}",
     Scope::Project, false, true},
    {ChartGroup::Extensions, Needs::Nothing, 201, 202, "wasm-cacher-{rev}", "wasm-extensions",
     "wasm-cacher", kCluster, "wasm-cacher-{rev}-{ns}", "wasm-cacher-{rev}", Scope::Project, false,
     true},
});

}  // namespace meshproof
