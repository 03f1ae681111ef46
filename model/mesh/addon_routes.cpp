#include "model/mesh/addon_routes.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "model/mesh/chart_routes.h"
#include "model/mesh/chart_rows.h"
#include "model/mesh/chart_texts.h"
#include "model/mesh/control_plane.h"
#include "model/mesh/gateway_routes.h"
#include "model/mesh/metadata.h"
#include "model/mesh/route_hosts.h"

namespace meshproof {
namespace {

bool has_ingress(const Object& addon) {
  const Tree& tree = *addon.tree;
  auto said = tree.boolean_at({"spec", "ingress", "enabled"});
  if (!said) said = tree.boolean_at({"spec", "deployment", "ingress", "enabled"});
  if (!said) said = tree.boolean_at({"spec", "deployment", "ingress_enabled"});
  return said.value_or(true);
}

Tree owner_of(const Object& addon) {
  return Tree::sequence(
      {Tree::mapping({{"apiVersion", Tree::string(std::string{addon.api_version()})},
                      {"controller", Tree::boolean(true)},
                      {"kind", Tree::string(addon.key.kind)},
                      {"name", Tree::string(addon.key.name)}})});
}

Tree addon_route(const Object& addon, const std::string& ns, const std::string& name,
                 const std::string& service, const std::string& domain) {
  Tree spec = Tree::mapping({{"tls", Tree::mapping({{"termination", Tree::string("reencrypt")}})},
                             {"to", Tree::mapping({{"kind", Tree::string("Service")},
                                                   {"name", Tree::string(service)}})}});
  if (!domain.empty()) {
    spec.set("host", Tree::string(default_host({"", "Route", ns, name}, domain)));
  }
  return Tree::mapping({{"apiVersion", Tree::string("route.openshift.io/v1")},
                        {"kind", Tree::string("Route")},
                        {"metadata", Tree::mapping({{"name", Tree::string(name)},
                                                    {"namespace", Tree::string(ns)},
                                                    {"ownerReferences", owner_of(addon)}})},
                        {"spec", std::move(spec)}});
}

/// What is behind a Route of the mesh: the pods of a Deployment of the Service's name.
struct Backing {
  std::string service;
  std::string ns;
  std::string labels;  ///< of the pods: `a=b,c=d`
  std::vector<std::int64_t> ports;
  Tree more_labels = {};
};

std::vector<Backing> backings_of(const ControlPlane& plane) {
  std::vector<Backing> backings;
  if (plane.prometheus) backings.push_back({"prometheus", plane.ns, "app=prometheus", {3001}});
  if (plane.grafana) backings.push_back({"grafana", plane.ns, "app=grafana", {3001}});
  if (plane.kiali) backings.push_back({plane.kiali_name, plane.ns, "app=kiali", {20001}});
  if (plane.jaeger) {
    backings.push_back({plane.jaeger_name + "-query",
                        plane.ns,
                        "app.kubernetes.io/instance={jaeger},app.kubernetes.io/part-of=jaeger,"
                        "app.kubernetes.io/managed-by=jaeger-operator,"
                        "app.kubernetes.io/component=all-in-one",
                        {8443}});
  }
  if (plane.ingress) {
    backings.push_back({"istio-ingressgateway",
                        plane.ingress_namespace,
                        "app=istio-ingressgateway,istio=ingressgateway",
                        {8080, 8443}});
  }
  for (const AdditionalGateway& gateway : plane.additional_gateways) {
    if (!gateway.ingress || !gateway.enabled.value_or(false)) continue;
    backings.push_back(
        {gateway.name, gateway.ns, "app=" + gateway.name, {8080, 8443}, gateway.labels});
  }
  return backings;
}

Tree named(std::string_view api_version, std::string_view kind, const Backing& backing) {
  return Tree::mapping({{"apiVersion", Tree::string(std::string{api_version})},
                        {"kind", Tree::string(std::string{kind})},
                        {"metadata", Tree::mapping({{"name", Tree::string(backing.service)},
                                                    {"namespace", Tree::string(backing.ns)}})}});
}

/// Of a gateway's ports, by which Routes of Gateways name them; for others any name will do.
std::string_view port_name(std::int64_t port) { return port == 8080 ? "http2" : "https"; }

void add_workload(const Backing& backing, const ControlPlane& plane, std::vector<Tree>& objects) {
  Tree labels = Tree::mapping();
  for (const Requirement& each : requirements(backing.labels, plane)) {
    labels.set(each.key, Tree::string(each.values.front()));
  }
  for (const TreeField& label : backing.more_labels.fields) labels.set(label.key, label.value);
  Tree service_ports = Tree::sequence();
  Tree container_ports = Tree::sequence();
  for (const std::int64_t port : backing.ports) {
    service_ports.items.push_back(
        Tree::mapping({{"name", Tree::string(std::string{port_name(port)})},
                       {"port", Tree::number(port)},
                       {"targetPort", Tree::number(port)}}));
    container_ports.items.push_back(Tree::mapping({{"containerPort", Tree::number(port)}}));
  }
  Tree service = named("v1", "Service", backing);
  service.set("spec", Tree::mapping({{"selector", labels}, {"ports", std::move(service_ports)}}));
  Tree container = Tree::mapping({{"name", Tree::string("main")}});
  container.set("ports", std::move(container_ports));
  Tree deployment = named("apps/v1", "Deployment", backing);
  deployment.set(
      "spec",
      Tree::mapping(
          {{"selector", Tree::mapping({{"matchLabels", labels}})},
           {"template",
            Tree::mapping({{"metadata", Tree::mapping({{"labels", labels}})},
                           {"spec", Tree::mapping({{"containers", Tree::sequence({std::move(
                                                                      container)})}})}})}}));
  objects.push_back(std::move(service));
  objects.push_back(std::move(deployment));
}

bool is_empty_project(const ObjectStore& objects, const std::string& ns) {
  return std::ranges::all_of(std::array{"Service", "Pod", "Deployment"},
                             [&](const char* kind) { return objects.of_kind(kind, ns).empty(); });
}

bool has_owner(const Object& route, std::string_view kind) {
  const Tree* owners = route.tree->find_path({"metadata", "ownerReferences"});
  return owners != nullptr && std::ranges::any_of(owners->items, [&](const Tree& owner) {
           return owner.string_at({"kind"}) == kind;
         });
}

}  // namespace

std::vector<Tree> addon_routes(const ObjectStore& objects) {
  std::vector<Tree> routes;
  const std::string domain = domain_of_routes(objects);
  for (const Object* kiali : objects.of_kind("Kiali")) {
    if (!has_ingress(*kiali)) continue;
    const auto elsewhere = kiali->tree->string_at({"spec", "deployment", "namespace"});
    const auto name = kiali->tree->string_at({"spec", "deployment", "instance_name"});
    const std::string called{name.empty() ? "kiali" : name};
    routes.push_back(addon_route(*kiali, std::string{elsewhere.empty() ? kiali->key.ns : elsewhere},
                                 called, called, domain));
  }
  for (const Object& object : objects) {
    if (object.key.kind != "Jaeger" || object.key.group != "jaegertracing.io") continue;
    const std::string& name = object.key.name;
    if (has_ingress(object)) {
      routes.push_back(addon_route(object, object.key.ns, name, name + "-query", domain));
    }
  }
  return routes;
}

std::vector<Tree> addon_workloads(const ObjectStore& objects, const std::set<std::string>& meshes) {
  std::vector<Tree> workloads;
  for (const Object* object : objects.of_kind("ServiceMeshControlPlane")) {
    if (!meshes.contains(object->key.ns)) continue;
    const ControlPlane plane = read_control_plane(*object, operator_versions().back());
    for (const Backing& backing : backings_of(plane)) {
      if (is_empty_project(objects, backing.ns)) add_workload(backing, plane, workloads);
    }
  }
  return workloads;
}

std::string maker_of_route(const Object& route) {
  if (route.key.kind != "Route") return "";
  if (is_gateway_route(route)) return "ior";
  const auto manager = route.label("app.kubernetes.io/managed-by");
  if (manager == "maistra-istio-operator") return "charts";
  if (manager == "jaeger-operator" || has_owner(route, "Jaeger")) return "jaeger";
  if (has_owner(route, "Kiali") || route.label("app.kubernetes.io/name") == "kiali") return "kiali";
  return "";
}

}  // namespace meshproof
