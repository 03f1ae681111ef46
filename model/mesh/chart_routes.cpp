#include "model/mesh/chart_routes.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "model/mesh/chart_metadata.h"
#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

constexpr std::string_view kIngress = "istio-ingressgateway";

/// An addon that has a Route, named like it, to the Service of its name.
struct RouteRow {
  ChartGroup group;
  std::string_view name;
  bool ControlPlane::*addon;
  AddonRoute ControlPlane::*route;
};

constexpr std::array kAddons = std::to_array<RouteRow>({
    {ChartGroup::MeshConfig, "prometheus", &ControlPlane::prometheus,
     &ControlPlane::prometheus_route},
    {ChartGroup::Gateways, "grafana", &ControlPlane::grafana, &ControlPlane::grafana_route},
});

Tree route_object(Tree metadata, Tree spec, std::string_view service) {
  spec.set("to", Tree::mapping({{"kind", Tree::string("Service")},
                                {"name", Tree::string(std::string{service})}}));
  return Tree::mapping({{"apiVersion", Tree::string("route.openshift.io/v1")},
                        {"kind", Tree::string("Route")},
                        {"metadata", std::move(metadata)},
                        {"spec", std::move(spec)}});
}

/// One Route for each host from v2.4 on, one without a host before.
std::vector<std::string> hosts_of(const ControlPlane& plane, const AddonRoute& route) {
  const bool counts = plane.version->number >= 204 && !route.hosts.empty();
  return counts ? route.hosts : std::vector<std::string>{""};
}

std::string indexed(std::string_view name, std::size_t index) {
  return std::string{name} + (index == 0 ? "" : '-' + std::to_string(index));
}

Tree addon_route(const ControlPlane& plane, const RouteRow& row, std::string name,
                 const std::string& host, const std::string& generation) {
  const std::string labels = "app=" + std::string{row.name};
  Tree metadata = stamped_metadata(plane, std::move(name), row.name, labels, false, generation);
  for (const TreeField& each : (plane.*row.route).annotations.fields) {
    metadata.mapping_at("annotations").set(each.key, each.value);
  }
  put_into(metadata, plane, plane.ns);
  Tree tls = Tree::mapping({{"termination", Tree::string("reencrypt")}});
  if (plane.version->number >= 200) {
    tls.set("insecureEdgeTerminationPolicy", Tree::string("Redirect"));
  }
  Tree spec = Tree::mapping({{"tls", std::move(tls)}});
  if (!host.empty()) spec.set("host", Tree::string(host));
  return route_object(std::move(metadata), std::move(spec), row.name);
}

Tree gateway_route(const ControlPlane& plane, const std::string& name, const std::string& ns,
                   const std::string& labels, const std::string& generation) {
  const bool v1 = plane.version->number < 200;
  Tree metadata =
      stamped_metadata(plane, name, v1 ? "gateways" : "istio-ingress", labels, false, generation);
  put_into(metadata, plane, v1 ? plane.ns : ns);
  Tree spec = Tree::mapping({{"port", Tree::mapping({{"targetPort", Tree::number(8080)}})}});
  return route_object(std::move(metadata), std::move(spec), name);
}

bool has_route(const ControlPlane& plane, const AdditionalGateway& gateway) {
  return gateway.ingress && gateway.enabled.value_or(false) && plane.version->number >= 200 &&
         (gateway.route || plane.version->number < 201);
}

void add_gateways(const ControlPlane& plane, const std::string& generation,
                  std::vector<Tree>& routes) {
  if (plane.ingress && plane.ingress_route) {
    routes.push_back(gateway_route(plane, std::string{kIngress}, plane.ingress_namespace,
                                   "app=istio-ingressgateway,istio=ingressgateway", generation));
  }
  for (const AdditionalGateway& gateway : plane.additional_gateways) {
    if (!has_route(plane, gateway)) continue;
    Tree route = gateway_route(plane, gateway.name, gateway.ns, "app=" + gateway.name, generation);
    for (const TreeField& label : gateway.labels.fields) {
      set_label(route, label.key, label.value.text);
    }
    routes.push_back(std::move(route));
  }
}

/// `grafana` and `grafana-1`, but not `grafana-test`.
bool is_of_addon(std::string_view name, std::string_view addon) {
  if (!name.starts_with(addon)) return false;
  name.remove_prefix(addon.size());
  if (name.empty()) return true;
  return name.size() > 1 && name.front() == '-' &&
         name.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

}  // namespace

std::vector<Tree> chart_routes(const ControlPlane& plane, ChartGroup group,
                               const std::string& generation) {
  std::vector<Tree> routes;
  if (group == ChartGroup::Gateways) add_gateways(plane, generation, routes);
  for (const RouteRow& row : kAddons) {
    const AddonRoute& route = plane.*row.route;
    if (row.group != group || !(plane.*row.addon) || !route.enabled) continue;
    const auto hosts = hosts_of(plane, route);
    for (std::size_t i = 0; i < hosts.size(); ++i) {
      routes.push_back(addon_route(plane, row, indexed(row.name, i), hosts[i], generation));
    }
  }
  return routes;
}

std::vector<Tree> chart_routes(const ControlPlane& plane, const std::string& generation) {
  std::vector<Tree> routes;
  for (std::size_t group = 0; group < kChartGroups; ++group) {
    auto of_group = chart_routes(plane, static_cast<ChartGroup>(group), generation);
    std::ranges::move(of_group, std::back_inserter(routes));
  }
  return routes;
}

ChartFate route_fate(const ControlPlane& plane, const ObjectKey& key) {
  const auto routes = chart_routes(plane, "");
  const bool made = std::ranges::any_of(routes, [&](const Tree& each) {
    return each.string_at({"metadata", "name"}) == key.name &&
           each.string_at({"metadata", "namespace"}) == key.ns;
  });
  if (made) return ChartFate::Made;
  const bool of_addon = key.ns == plane.ns && std::ranges::any_of(kAddons, [&](const auto& row) {
                          return is_of_addon(key.name, row.name);
                        });
  const bool of_gateway =
      key.name == kIngress ||
      std::ranges::any_of(plane.additional_gateways, [&](const AdditionalGateway& gateway) {
        // What is not known to be on or off stays.
        return gateway.enabled && gateway.name == key.name && gateway.ns == key.ns;
      });
  return of_addon || of_gateway ? ChartFate::Dropped : ChartFate::Unknown;
}

Tree jaeger_route(const ControlPlane& plane) {
  Tree owner = Tree::mapping({{"apiVersion", Tree::string("jaegertracing.io/v1")},
                              {"controller", Tree::boolean(true)},
                              {"kind", Tree::string("Jaeger")},
                              {"name", Tree::string(plane.jaeger_name)}});
  Tree labels = Tree::mapping({{"app.kubernetes.io/component", Tree::string("query-route")},
                               {"app.kubernetes.io/instance", Tree::string(plane.jaeger_name)},
                               {"app.kubernetes.io/managed-by", Tree::string("jaeger-operator")}});
  Tree metadata = Tree::mapping({{"labels", std::move(labels)},
                                 {"name", Tree::string(plane.jaeger_name)},
                                 {"namespace", Tree::string(plane.ns)},
                                 {"ownerReferences", Tree::sequence({std::move(owner)})}});
  Tree spec = Tree::mapping({{"tls", Tree::mapping({{"termination", Tree::string("reencrypt")}})}});
  return route_object(std::move(metadata), std::move(spec), plane.jaeger_name + "-query");
}

}  // namespace meshproof
