#include "cli/routes.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace meshproof {
namespace {

constexpr std::string_view kPolicyGroup = "network.openshift.io/policy-group";

/// A Route or Ingress, as far as it names Services.
struct Exposure {
  const Object* object = nullptr;
  std::string host;
  std::vector<std::string> services;
};

Exposure route_of(const Object& object) {
  Exposure route{&object, std::string(object.tree->string_at({"spec", "host"})), {}};
  route.services.emplace_back(object.tree->string_at({"spec", "to", "name"}));
  if (const Tree* others = object.tree->find_path({"spec", "alternateBackends"})) {
    for (const Tree& each : others->items) route.services.emplace_back(each.string_at({"name"}));
  }
  return route;
}

Exposure ingress_of(const Object& object) {
  Exposure ingress{&object, {}, {}};
  ingress.services.emplace_back(
      object.tree->string_at({"spec", "defaultBackend", "service", "name"}));
  const Tree* rules = object.tree->find_path({"spec", "rules"});
  if (rules == nullptr) return ingress;
  for (const Tree& rule : rules->items) {
    if (ingress.host.empty()) ingress.host = rule.string_at({"host"});
    const Tree* paths = rule.find_path({"http", "paths"});
    if (paths == nullptr) continue;
    for (const Tree& path : paths->items) {
      ingress.services.emplace_back(path.string_at({"backend", "service", "name"}));
    }
  }
  return ingress;
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

/// True if one of the Service's ports leads to a port of the pod that is in the set.
bool leads_into(const Service& service, const Pod& pod, const PortSet& ports) {
  return std::any_of(service.ports.begin(), service.ports.end(), [&](const ServicePort& port) {
    if (port.target_name.empty()) {
      return ports.contains(port.protocol, port.target_port != 0 ? port.target_port : port.port);
    }
    return std::any_of(pod.ports.begin(), pod.ports.end(), [&](const ContainerPort& own) {
      return own.name == port.target_name && ports.contains(own.protocol, own.port);
    });
  });
}

bool is_router(const EndpointName& end, const Cluster& cluster) {
  const NamespaceId ns = cluster.find_namespace(end.ns);
  if (end.ns.empty() || !ns.is_valid()) return false;
  const Symbol value = cluster.at(ns).labels.find(cluster.symbols.find(kPolicyGroup));
  return value.is_valid() && cluster.symbols.text(value) == "ingress";
}

/// The first connection from a router to the Service's pods on the Service's port.
const Connection* connection_to(const Service& service, const std::vector<Connection>& connections,
                                const Cluster& cluster) {
  const std::string& ns = cluster.at(service.ns).name;
  const std::vector<PodId> pods = pods_behind(service, cluster);
  for (const Connection& connection : connections) {
    if (connection.dst.ns != ns || !is_router(connection.src, cluster)) continue;
    for (const PodId id : pods) {
      const Pod& pod = cluster.at(id);
      const Workload& workload = cluster.at(pod.workload);
      if (workload.name == connection.dst.name && workload.kind == connection.dst.kind &&
          leads_into(service, pod, connection.ports)) {
        return &connection;
      }
    }
  }
  return nullptr;
}

void add_changes(const Exposure& exposure, const std::vector<Connection>& connections, bool stops,
                 const Cluster& cluster, std::vector<RouteChange>& changes) {
  const ObjectKey& key = exposure.object->key;
  const NamespaceId ns = cluster.find_namespace(key.ns);
  if (!ns.is_valid()) return;
  for (const std::string& name : exposure.services) {
    const ServiceId service = cluster.find_service(ns, name);
    if (!service.is_valid()) continue;
    const Connection* connection = connection_to(cluster.at(service), connections, cluster);
    if (connection == nullptr) continue;
    changes.push_back({key.kind, key.ns, key.name, exposure.host, to_string(connection->src),
                       to_string(connection->dst), stops, exposure.object->place()});
    return;
  }
}

}  // namespace

std::vector<RouteChange> find_route_changes(const ObjectStore& objects, const Cluster& cluster,
                                            const ReachabilityChange& change) {
  std::vector<Exposure> exposures;
  for (const Object* route : objects.of_kind("Route")) exposures.push_back(route_of(*route));
  for (const Object* ingress : objects.of_kind("Ingress")) {
    exposures.push_back(ingress_of(*ingress));
  }
  std::vector<RouteChange> changes;
  for (const Exposure& exposure : exposures) {
    add_changes(exposure, change.lost, true, cluster, changes);
    add_changes(exposure, change.gained, false, cluster, changes);
  }
  return changes;
}

}  // namespace meshproof
