#include "model/mesh/charts.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

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
};

constexpr std::array kPolicies = std::to_array<PolicyRow>({
    {ChartGroup::Discovery, Needs::Nothing, "istio-istiod-{rev}", "istio-discovery", "istiod",
     Admits::Everybody},
    {ChartGroup::MeshConfig, Needs::Nothing, "istio-mesh-{rev}", "mesh-config", "istio",
     Admits::Members},
    {ChartGroup::MeshConfig, Needs::Nothing, "istio-expose-route-{rev}", "mesh-config", "istio",
     Admits::Routers},
    {ChartGroup::MeshConfig, Needs::Prometheus, "istio-prometheus-ingress", "prometheus",
     "prometheus", Admits::Everybody},
    {ChartGroup::Gateways, Needs::Jaeger, "istio-jaeger-ingress", "tracing", "jaeger",
     Admits::Everybody},
    {ChartGroup::Gateways, Needs::Ingress, "istio-ingressgateway", "istio-ingress",
     "istio-ingressgateway", Admits::Everybody},
    {ChartGroup::Gateways, Needs::Grafana, "istio-grafana-ingress", "grafana", "grafana",
     Admits::Everybody},
    {ChartGroup::Kiali, Needs::Kiali, "istio-kiali-ingress", "kiali", "kiali", Admits::Everybody},
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

constexpr int kNewest = 99;
constexpr std::string_view kCluster = "ClusterRole";
constexpr std::string_view kLocal = "Role";

constexpr std::array kBindings = std::to_array<BindingRow>({
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

bool has(const ControlPlane& plane, Needs needs) {
  switch (needs) {
    case Needs::Nothing:
      return true;
    case Needs::Prometheus:
      return plane.prometheus;
    case Needs::Grafana:
      return plane.grafana;
    case Needs::Kiali:
      return plane.kiali;
    case Needs::Jaeger:
      return plane.jaeger;
    case Needs::Ingress:
      return plane.ingress;
    case Needs::Egress:
      return plane.egress;
    case Needs::GatewayController:
      return plane.gateway_controller;
  }
  return false;
}

/// The project in which the objects of a switch live.
const std::string& project_of(const ControlPlane& plane, Needs needs) {
  if (needs == Needs::Ingress) return plane.ingress_namespace;
  if (needs == Needs::Egress) return plane.egress_namespace;
  return plane.ns;
}

void replace_all(std::string& text, std::string_view what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

std::string filled(std::string_view pattern, const ControlPlane& plane) {
  std::string text{pattern};
  replace_all(text, "{rev}", plane.name);
  replace_all(text, "{ns}", plane.ns);
  return text;
}

Tree owner_reference(const ControlPlane& plane, std::string_view api_version) {
  return Tree::sequence({Tree::mapping({{"apiVersion", Tree::string(std::string{api_version})},
                                        {"blockOwnerDeletion", Tree::boolean(true)},
                                        {"controller", Tree::boolean(true)},
                                        {"kind", Tree::string("ServiceMeshControlPlane")},
                                        {"name", Tree::string(plane.name)}})});
}

/// Only objects in the control plane's own project are owned by reference.
void put_into(Tree& metadata, const ControlPlane& plane, const std::string& project) {
  metadata.set("namespace", Tree::string(project));
  if (project == plane.ns) {
    metadata.set("ownerReferences", owner_reference(plane, "maistra.io/v2"));
  }
}

/// What the operator stamps on every chart object (operator.md 6.1).
Tree stamped_metadata(const ControlPlane& plane, std::string name, std::string_view component,
                      std::string_view app, bool internal, const std::string& generation) {
  Tree labels = Tree::mapping();
  const auto label = [&](std::string_view key, std::string_view value) {
    labels.set(key, Tree::string(std::string{value}));
  };
  if (!app.empty()) label("app", app);
  label("app.kubernetes.io/component", component);
  label("app.kubernetes.io/instance", plane.ns);
  label("app.kubernetes.io/managed-by", "maistra-istio-operator");
  label("app.kubernetes.io/name", component);
  label("app.kubernetes.io/part-of", "istio");
  label("app.kubernetes.io/version", generation);
  label("maistra-version", plane.version->maistra_version);
  label(kOwnerLabel, plane.ns);
  label(kOwnerNameLabel, plane.name);
  label("release", "istio");
  Tree annotations = Tree::mapping();
  if (internal) annotations.set(kInternalAnnotation, Tree::string("true"));
  annotations.set(kGenerationAnnotation, Tree::string(generation));
  return Tree::mapping({{"annotations", std::move(annotations)},
                        {"labels", std::move(labels)},
                        {"name", Tree::string(std::move(name))}});
}

Tree label_selector(std::initializer_list<TreeField> labels) {
  return Tree::mapping({{"matchLabels", Tree::mapping(labels)}});
}

Tree pod_selector(const ControlPlane& plane, const PolicyRow& row) {
  if (row.admits == Admits::Members) return Tree::mapping();
  if (row.admits == Admits::Routers) {
    return label_selector({{"maistra.io/expose-route", Tree::string("true")}});
  }
  const Tree app = Tree::string(std::string{row.app});
  if (row.app == "istiod") {
    return label_selector({{"app", app}, {"istio.io/rev", Tree::string(plane.name)}});
  }
  if (row.app == "istio-ingressgateway") {
    return label_selector({{"app", app}, {"istio", Tree::string("ingressgateway")}});
  }
  if (row.app != "jaeger") return label_selector({{"app", app}});
  Tree selector = label_selector({{"app.kubernetes.io/instance", Tree::string(plane.jaeger_name)},
                                  {"app.kubernetes.io/managed-by", Tree::string("jaeger-operator")},
                                  {"app.kubernetes.io/part-of", Tree::string("jaeger")}});
  selector.set(
      "matchExpressions",
      Tree::sequence({Tree::mapping({{"key", Tree::string("app.kubernetes.io/component")},
                                     {"operator", Tree::string("In")},
                                     {"values", Tree::strings({"all-in-one", "query"})}})}));
  return selector;
}

Tree ingress_rule(const ControlPlane& plane, Admits admits) {
  if (admits == Admits::Everybody) return Tree::mapping();
  const TreeField label =
      admits == Admits::Members
          ? TreeField{std::string{kMemberOfLabel}, Tree::string(plane.ns)}
          : TreeField{"network.openshift.io/policy-group", Tree::string("ingress")};
  return Tree::mapping(
      {{"from",
        Tree::sequence({Tree::mapping({{"namespaceSelector", label_selector({label})}})})}});
}

Tree policy(const ControlPlane& plane, const PolicyRow& row, const std::string& generation) {
  const bool internal = row.admits == Admits::Everybody;
  Tree metadata = stamped_metadata(plane, filled(row.name, plane), row.component, row.app, internal,
                                   generation);
  Tree& labels = metadata.mapping_at("labels");
  if (row.app == "istiod") {
    labels.set("istio", Tree::string("pilot"));
    labels.set("istio.io/rev", Tree::string(plane.name));
  }
  if (row.app == "istio-ingressgateway") labels.set("istio", Tree::string("ingressgateway"));
  put_into(metadata, plane, project_of(plane, row.needs));
  return Tree::mapping(
      {{"apiVersion", Tree::string("networking.k8s.io/v1")},
       {"kind", Tree::string("NetworkPolicy")},
       {"metadata", std::move(metadata)},
       {"spec", Tree::mapping({{"ingress", Tree::sequence({ingress_rule(plane, row.admits)})},
                               {"podSelector", pod_selector(plane, row)},
                               {"policyTypes", Tree::strings({"Ingress"})}})}});
}

Tree role_reference(std::string_view kind, std::string name) {
  return Tree::mapping({{"apiGroup", Tree::string("rbac.authorization.k8s.io")},
                        {"kind", Tree::string(std::string{kind})},
                        {"name", Tree::string(std::move(name))}});
}

bool is_of_cluster(const ControlPlane& plane, const BindingRow& row) {
  return row.scope == Scope::Cluster ||
         (row.scope == Scope::ProjectOrCluster && plane.cluster_wide);
}

bool is_made(const ControlPlane& plane, const BindingRow& row) {
  const int version = plane.version->minor;
  return row.first <= version && version <= row.last && has(plane, row.needs);
}

bool is_made(const ControlPlane& plane, const PolicyRow& row) {
  return plane.manages_policies && has(plane, row.needs);
}

Tree binding(const ControlPlane& plane, const BindingRow& row, const std::string& generation) {
  const bool cluster = is_of_cluster(plane, row);
  Tree metadata = stamped_metadata(plane, filled(row.name, plane), row.component, row.app,
                                   row.internal, generation);
  if (row.revision) metadata.mapping_at("labels").set("istio.io/rev", Tree::string(plane.name));
  if (!cluster) put_into(metadata, plane, project_of(plane, row.needs));
  Tree subject = Tree::mapping({{"kind", Tree::string("ServiceAccount")},
                                {"name", Tree::string(filled(row.account, plane))}});
  if (row.scope != Scope::ProjectLocalSubject) subject.set("namespace", Tree::string(plane.ns));
  return Tree::mapping(
      {{"apiVersion", Tree::string("rbac.authorization.k8s.io/v1")},
       {"kind", Tree::string(cluster ? "ClusterRoleBinding" : "RoleBinding")},
       {"metadata", std::move(metadata)},
       {"roleRef",
        role_reference(row.role_kind, filled(row.role.empty() ? row.name : row.role, plane))},
       {"subjects", Tree::sequence({std::move(subject)})}});
}

}  // namespace

std::vector<Tree> chart_objects(const ControlPlane& plane, ChartGroup group,
                                const std::string& generation) {
  std::vector<Tree> objects;
  for (const PolicyRow& row : kPolicies) {
    if (row.group == group && is_made(plane, row)) {
      objects.push_back(policy(plane, row, generation));
    }
  }
  for (const BindingRow& row : kBindings) {
    if (row.group == group && is_made(plane, row)) {
      objects.push_back(binding(plane, row, generation));
    }
  }
  return objects;
}

std::vector<Tree> chart_objects(const ControlPlane& plane, const std::string& generation) {
  std::vector<Tree> objects;
  for (std::size_t group = 0; group < kChartGroups; ++group) {
    auto of_group = chart_objects(plane, static_cast<ChartGroup>(group), generation);
    std::ranges::move(of_group, std::back_inserter(objects));
  }
  return objects;
}

ChartFate chart_fate(const ControlPlane& plane, const ObjectKey& key) {
  const bool gateway = key.ns == plane.ingress_namespace || key.ns == plane.egress_namespace;
  if (!key.ns.empty() && key.ns != plane.ns && !gateway) return ChartFate::Unknown;
  ChartFate fate = ChartFate::Unknown;
  if (key.kind == "NetworkPolicy") {
    for (const PolicyRow& row : kPolicies) {
      if (filled(row.name, plane) != key.name) continue;
      const bool here = key.ns == project_of(plane, row.needs);
      return here && is_made(plane, row) ? ChartFate::Made : ChartFate::Dropped;
    }
    return fate;
  }
  if (key.kind != "RoleBinding" && key.kind != "ClusterRoleBinding") return fate;
  for (const BindingRow& row : kBindings) {
    if (filled(row.name, plane) != key.name) continue;
    // In v2.0 the extensions are an option that is not read here.
    if (row.group == ChartGroup::Extensions && plane.version->minor == 0) continue;
    const bool here =
        is_of_cluster(plane, row) ? key.ns.empty() : key.ns == project_of(plane, row.needs);
    if (here && is_made(plane, row)) return ChartFate::Made;
    fate = ChartFate::Dropped;
  }
  return fate;
}

Tree kiali_object(const ControlPlane& plane, const std::string& generation) {
  Tree metadata = stamped_metadata(plane, plane.kiali_name, "kiali", "", false, generation);
  metadata.mapping_at("labels").erase("release");
  metadata.set("namespace", Tree::string(plane.ns));
  metadata.set("ownerReferences", owner_reference(plane, "maistra.io/v2"));
  Tree deployment = Tree::mapping(
      {{"accessible_namespaces", Tree::sequence()},
       {"image_pull_policy", Tree::string("")},
       {"ingress", Tree::mapping({{"enabled", Tree::boolean(true)}})},
       {"namespace", Tree::string(plane.ns)},
       {"pod_labels", Tree::mapping({{"sidecar.istio.io/inject", Tree::string("false")}})}});
  return Tree::mapping(
      {{"apiVersion", Tree::string("kiali.io/v1alpha1")},
       {"kind", Tree::string("Kiali")},
       {"metadata", std::move(metadata)},
       {"spec", Tree::mapping({{"auth", Tree::mapping({{"strategy", Tree::string("openshift")}})},
                               {"deployment", std::move(deployment)},
                               {"installation_tag", Tree::string("Kiali [" + plane.ns + ']')},
                               {"istio_namespace", Tree::string(plane.ns)}})}});
}

Tree mesh_users_binding(const ControlPlane& plane) {
  return Tree::mapping(
      {{"apiVersion", Tree::string("rbac.authorization.k8s.io/v1")},
       {"kind", Tree::string("RoleBinding")},
       {"metadata", Tree::mapping({{"name", Tree::string("mesh-users")},
                                   {"namespace", Tree::string(plane.ns)},
                                   {"ownerReferences", owner_reference(plane, "maistra.io/v1")}})},
       {"roleRef", role_reference("Role", "mesh-user")}});
}

}  // namespace meshproof
