#include "solver/exposures.h"

#include <algorithm>
#include <string_view>

namespace meshproof {
namespace {

constexpr std::string_view kPolicyGroup = "network.openshift.io/policy-group";
constexpr std::string_view kIngressGroup = "policy-group.network.openshift.io/ingress";
constexpr std::string_view kIngressController =
    "ingresscontroller.operator.openshift.io/deployment-ingresscontroller";

/// A name or a number, as text.
std::string port_text(const Tree* port) { return port == nullptr ? "" : port->text; }

Exposure route_of(const Object& object) {
  const Tree& tree = *object.tree;
  Exposure route{&object, std::string(tree.string_at({"spec", "host"})), {}, true};
  const std::string port = port_text(tree.find_path({"spec", "port", "targetPort"}));
  const auto add = [&](const Tree& backend) {
    if (backend.integer_at({"weight"}) == 0) return;
    route.services.push_back({std::string(backend.string_at({"name"})), port, true});
  };
  if (const Tree* first = tree.find_path({"spec", "to"})) add(*first);
  if (const Tree* others = tree.find_path({"spec", "alternateBackends"})) {
    for (const Tree& each : others->items) add(each);
  }
  return route;
}

Exposure ingress_of(const Object& object) {
  const Tree& tree = *object.tree;
  Exposure ingress{&object, {}, {}, false};
  const auto add = [&](const Tree* service) {
    if (service == nullptr) return;
    const Tree* port = service->find_path({"port", "number"});
    if (port == nullptr) port = service->find_path({"port", "name"});
    ingress.services.push_back({std::string(service->string_at({"name"})), port_text(port), false});
  };
  add(tree.find_path({"spec", "defaultBackend", "service"}));
  const Tree* rules = tree.find_path({"spec", "rules"});
  if (rules == nullptr) return ingress;
  for (const Tree& rule : rules->items) {
    if (ingress.host.empty()) ingress.host = rule.string_at({"host"});
    const Tree* paths = rule.find_path({"http", "paths"});
    if (paths == nullptr) continue;
    for (const Tree& path : paths->items) add(path.find_path({"backend", "service"}));
  }
  return ingress;
}

std::vector<PodPort> ports_behind(const ServicePort& port, const Pod& pod) {
  if (port.target_name.empty()) {
    return {{port.protocol, port.target_port != 0 ? port.target_port : port.port}};
  }
  std::vector<PodPort> ports;
  for (const ContainerPort& own : pod.ports) {
    if (own.name == port.target_name) ports.push_back({own.protocol, own.port});
  }
  return ports;
}

bool is_labelled(const Labels& labels, std::string_view key, const Cluster& cluster) {
  return labels.find(cluster.symbols.find(key)).is_valid();
}

}  // namespace

Exposure exposure_of(const Object& object) {
  if (object.key.kind == "Route") return route_of(object);
  if (object.key.kind == "Ingress") return ingress_of(object);
  return {&object, {}, {}, false};
}

std::vector<Exposure> exposures_of(const ObjectStore& objects) {
  std::vector<Exposure> exposures;
  for (const Object* route : objects.of_kind("Route")) exposures.push_back(route_of(*route));
  for (const Object* ingress : objects.of_kind("Ingress")) {
    exposures.push_back(ingress_of(*ingress));
  }
  return exposures;
}

std::vector<PodId> pods_behind(const Service& service, const Cluster& cluster) {
  std::vector<PodId> pods;
  if (service.has_endpoints_object) {
    for (const ServiceEndpoint& endpoint : service.endpoints) {
      if (endpoint.pod.is_valid()) pods.push_back(endpoint.pod);
    }
    return pods;
  }
  if (!service.selector) return pods;
  for (const PodId id : cluster.at(service.ns).pods) {
    if (matches(*service.selector, cluster.at(id).labels)) pods.push_back(id);
  }
  return pods;
}

std::vector<PodPort> ports_behind(const Service& service, const Pod& pod) {
  return ports_behind({}, service, pod);
}

std::vector<PodPort> ports_behind(const ExposedService& exposed, const Service& service,
                                  const Pod& pod) {
  std::vector<PodPort> ports;
  for (const ServicePort& port : service.ports) {
    for (const PodPort& each : ports_behind(port, pod)) {
      const std::uint16_t number = exposed.by_pod_port ? each.port : port.port;
      const bool is_meant = exposed.port.empty() || exposed.port == port.name ||
                            exposed.port == std::to_string(number);
      if (is_meant) ports.push_back(each);
    }
  }
  return ports;
}

bool holds_routers(const Namespace& ns, const Cluster& cluster) {
  if (ns.name == "openshift-ingress") return true;
  const Symbol group = ns.labels.find(cluster.symbols.find(kPolicyGroup));
  return (group.is_valid() && cluster.symbols.text(group) == "ingress") ||
         is_labelled(ns.labels, kIngressGroup, cluster);
}

bool is_router(const Pod& pod, const Cluster& cluster) {
  if (is_labelled(pod.labels, kIngressController, cluster)) return true;
  const Namespace& ns = cluster.at(pod.ns);
  if (ns.name == "default") {
    return is_labelled(pod.labels, "router", cluster) ||
           (pod.host_network && holds_routers(ns, cluster));
  }
  return holds_routers(ns, cluster);
}

std::vector<PodId> routers(const Cluster& cluster) {
  std::vector<PodId> found;
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    const Pod& pod = cluster.pods[i];
    if (!pod.is_completed() && is_router(pod, cluster)) found.push_back(PodId{i});
  }
  return found;
}

}  // namespace meshproof
