#include "model/mesh/charts.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "model/mesh/chart_metadata.h"
#include "model/mesh/chart_routes.h"
#include "model/mesh/chart_rows.h"
#include "model/mesh/chart_texts.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

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
    case Needs::JaegerInOne:
      return plane.jaeger && plane.jaeger_in_one;
    case Needs::JaegerQuery:
      return plane.jaeger && !plane.jaeger_in_one;
    case Needs::ExternalJaeger:
      return plane.external_jaeger;
    case Needs::Mixer:
      return plane.mixer;
    case Needs::Ingress:
      return plane.ingress;
    case Needs::Egress:
      return plane.egress;
    case Needs::IngressSecrets:
      return plane.ingress_secrets;
    case Needs::EgressSecrets:
      return plane.egress_secrets;
    case Needs::Routes:
      return plane.makes_routes;
    case Needs::GatewayController:
      return plane.gateway_controller;
  }
  return false;
}

/// The project in which the objects of a switch live. In v1 only those of the secrets follow their
/// gateway.
const std::string& project_of(const ControlPlane& plane, Needs needs) {
  const bool v2 = plane.version->number >= 200;
  if (needs == Needs::IngressSecrets || (v2 && needs == Needs::Ingress)) {
    return plane.ingress_namespace;
  }
  if (needs == Needs::EgressSecrets || (v2 && needs == Needs::Egress)) {
    return plane.egress_namespace;
  }
  return plane.ns;
}

Tree label_selector(std::initializer_list<TreeField> labels) {
  return Tree::mapping({{"matchLabels", Tree::mapping(labels)}});
}

Tree pod_selector(const ControlPlane& plane, std::string_view pods) {
  Tree labels = Tree::mapping();
  Tree expressions = Tree::sequence();
  for (const Requirement& each : requirements(pods, plane)) {
    if (each.is_expression) {
      expressions.items.push_back(Tree::mapping({{"key", Tree::string(each.key)},
                                                 {"operator", Tree::string("In")},
                                                 {"values", Tree::strings(each.values)}}));
    } else {
      labels.set(each.key, Tree::string(each.values.front()));
    }
  }
  Tree selector = Tree::mapping();
  if (!labels.fields.empty()) selector.set("matchLabels", std::move(labels));
  if (!expressions.items.empty()) selector.set("matchExpressions", std::move(expressions));
  return selector;
}

Tree one_port(std::string_view port) {
  const bool is_number = port.find_first_not_of("0123456789") == std::string_view::npos;
  Tree value = Tree::string(std::string{port});
  if (is_number) value.kind = TreeKind::Number;
  return Tree::mapping(
      {{"ports", Tree::sequence({Tree::mapping(
                     {{"port", std::move(value)}, {"protocol", Tree::string("TCP")}})})}});
}

Tree ingress_rule(const ControlPlane& plane, const PolicyRow& row, ChartPorts ports) {
  const Admits admits = row.admits;
  if (admits == Admits::Everybody) {
    const bool limited = ports == ChartPorts::Product && !row.port.empty();
    return limited ? one_port(row.port) : Tree::mapping();
  }
  const TreeField label =
      admits == Admits::Members
          ? TreeField{std::string{kMemberOfLabel}, Tree::string(plane.ns)}
          : TreeField{"network.openshift.io/policy-group", Tree::string("ingress")};
  return Tree::mapping(
      {{"from",
        Tree::sequence({Tree::mapping({{"namespaceSelector", label_selector({label})}})})}});
}

Tree policy(const ControlPlane& plane, const PolicyRow& row, ChartPorts ports,
            const std::string& project, const std::string& generation) {
  Tree metadata = stamped_metadata(plane, filled(row.name, plane), row.component, row.labels,
                                   row.internal, generation);
  put_into(metadata, plane, project);
  return Tree::mapping(
      {{"apiVersion", Tree::string("networking.k8s.io/v1")},
       {"kind", Tree::string("NetworkPolicy")},
       {"metadata", std::move(metadata)},
       {"spec", Tree::mapping({{"ingress", Tree::sequence({ingress_rule(plane, row, ports)})},
                               {"podSelector", pod_selector(plane, row.pods)},
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

template <typename Row>
bool is_of_version(const ControlPlane& plane, const Row& row) {
  const int version = plane.version->number;
  return row.first <= version && version <= row.last;
}

bool is_made(const ControlPlane& plane, const BindingRow& row) {
  return is_of_version(plane, row) && has(plane, row.needs);
}

bool is_made(const ControlPlane& plane, const PolicyRow& row) {
  return plane.manages_policies && is_of_version(plane, row) && has(plane, row.needs);
}

Tree binding(const ControlPlane& plane, const BindingRow& row, const std::string& project,
             const std::string& generation) {
  const bool cluster = is_of_cluster(plane, row);
  std::string labels = row.app.empty() ? "" : "app=" + std::string{row.app};
  if (row.revision) labels += std::string{labels.empty() ? "" : ","} + "istio.io/rev={rev}";
  Tree metadata = stamped_metadata(plane, filled(row.name, plane), row.component, labels,
                                   row.internal, generation);
  if (!cluster) put_into(metadata, plane, project);
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

/// The policy of a gateway selects the pods that carry all its labels (SEMANTICS M4).
Tree gateway_policy(const ControlPlane& plane, const AdditionalGateway& gateway,
                    const std::string& generation) {
  const std::string app = "app=" + gateway.name;
  const PolicyRow row{ChartGroup::Gateways,
                      Needs::Nothing,
                      0,
                      kNewest,
                      gateway.name,
                      "istio-ingress",
                      app,
                      app,
                      Admits::Everybody,
                      true};
  Tree object = policy(plane, row, ChartPorts::Upstream, gateway.ns, generation);
  Tree& selected = object.mapping_at("spec").mapping_at("podSelector").mapping_at("matchLabels");
  for (const TreeField& label : gateway.labels.fields) {
    set_label(object, label.key, label.value.text);
    selected.set(label.key, label.value);
  }
  return object;
}

void add_gateways(const ControlPlane& plane, const std::string& generation,
                  std::vector<Tree>& objects) {
  for (const AdditionalGateway& gateway : plane.additional_gateways) {
    if (!gateway.enabled.value_or(false)) continue;
    if (gateway.ingress && plane.manages_policies) {
      objects.push_back(gateway_policy(plane, gateway, generation));
    }
    if (!gateway.ingress && plane.version->number <= 200) continue;
    const std::string name = gateway.name + "-sds";
    const std::string account = gateway.name + "-service-account";
    const std::string_view component = gateway.ingress ? "istio-ingress" : "istio-egress";
    const BindingRow row{ChartGroup::Gateways,
                         Needs::Nothing,
                         0,
                         kNewest,
                         name,
                         component,
                         "",
                         kLocal,
                         "",
                         account,
                         Scope::ProjectLocalSubject,
                         false,
                         true};
    objects.push_back(binding(plane, row, gateway.ns, generation));
  }
}

}  // namespace

std::vector<Tree> chart_objects(const ControlPlane& plane, ChartPorts ports, ChartGroup group,
                                const std::string& generation) {
  std::vector<Tree> objects;
  for (const PolicyRow& row : kPolicies) {
    if (row.group == group && is_made(plane, row)) {
      objects.push_back(policy(plane, row, ports, project_of(plane, row.needs), generation));
    }
  }
  for (const BindingRow& row : kBindings) {
    if (row.group == group && is_made(plane, row)) {
      objects.push_back(binding(plane, row, project_of(plane, row.needs), generation));
    }
  }
  if (group == ChartGroup::Gateways) add_gateways(plane, generation, objects);
  return objects;
}

std::vector<Tree> chart_objects(const ControlPlane& plane, ChartPorts ports,
                                const std::string& generation) {
  std::vector<Tree> objects;
  for (std::size_t group = 0; group < kChartGroups; ++group) {
    auto of_group = chart_objects(plane, ports, static_cast<ChartGroup>(group), generation);
    std::ranges::move(of_group, std::back_inserter(objects));
  }
  return objects;
}

ChartFate chart_fate(const ControlPlane& plane, const ObjectKey& key) {
  if (key.kind == "Route") return route_fate(plane, key);
  const bool gateway = key.ns == plane.ingress_namespace || key.ns == plane.egress_namespace;
  if (!key.ns.empty() && key.ns != plane.ns && !gateway) return ChartFate::Unknown;
  ChartFate fate = ChartFate::Unknown;
  if (key.kind == "NetworkPolicy") {
    for (const PolicyRow& row : kPolicies) {
      if (filled(row.name, plane) != key.name) continue;
      const bool here = key.ns == project_of(plane, row.needs);
      if (here && is_made(plane, row)) return ChartFate::Made;
      fate = ChartFate::Dropped;
    }
    return fate;
  }
  if (key.kind != "RoleBinding" && key.kind != "ClusterRoleBinding") return fate;
  for (const BindingRow& row : kBindings) {
    if (filled(row.name, plane) != key.name) continue;
    // In v2.0 the extensions are an option that is not read here.
    if (row.group == ChartGroup::Extensions && plane.version->number == 200) continue;
    const bool here =
        is_of_cluster(plane, row) ? key.ns.empty() : key.ns == project_of(plane, row.needs);
    if (here && is_made(plane, row)) return ChartFate::Made;
    fate = ChartFate::Dropped;
  }
  return fate;
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
