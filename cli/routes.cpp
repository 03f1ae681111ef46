#include "cli/routes.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "solver/evaluate.h"

namespace meshproof {
namespace {

constexpr std::string_view kPolicyGroup = "network.openshift.io/policy-group";

/// A Route or Ingress, as far as it names Services.
struct Exposure {
  const Object* object = nullptr;
  std::string host;
  std::vector<std::string> services;
  bool any_answers = false;  ///< one Service is as good as another
};

bool has_weight(const Tree& backend) { return backend.integer_at({"weight"}) != 0; }

Exposure route_of(const Object& object) {
  Exposure route{&object, std::string(object.tree->string_at({"spec", "host"})), {}, true};
  const Tree* first = object.tree->find_path({"spec", "to"});
  if (first != nullptr && has_weight(*first))
    route.services.emplace_back(first->string_at({"name"}));
  if (const Tree* others = object.tree->find_path({"spec", "alternateBackends"})) {
    for (const Tree& each : others->items) {
      if (has_weight(each)) route.services.emplace_back(each.string_at({"name"}));
    }
  }
  return route;
}

Exposure ingress_of(const Object& object) {
  Exposure ingress{&object, {}, {}, false};
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

struct PodPort {
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
};

/// The ports of the pod to which those of the Service lead.
std::vector<PodPort> ports_behind(const Service& service, const Pod& pod) {
  std::vector<PodPort> ports;
  for (const ServicePort& port : service.ports) {
    if (port.target_name.empty()) {
      ports.push_back({port.protocol, port.target_port != 0 ? port.target_port : port.port});
      continue;
    }
    for (const ContainerPort& own : pod.ports) {
      if (own.name == port.target_name) ports.push_back({own.protocol, own.port});
    }
  }
  return ports;
}

/// True if one of the Service's ports leads to a port of the pod that is in the set.
bool leads_into(const Service& service, const Pod& pod, const PortSet& ports) {
  const std::vector<PodPort> behind = ports_behind(service, pod);
  return std::any_of(behind.begin(), behind.end(),
                     [&](const PodPort& each) { return ports.contains(each.protocol, each.port); });
}

bool holds_routers(const Namespace& ns, const Cluster& cluster) {
  const Symbol value = ns.labels.find(cluster.symbols.find(kPolicyGroup));
  return value.is_valid() && cluster.symbols.text(value) == "ingress";
}

bool is_router(const EndpointName& end, const Cluster& cluster) {
  const NamespaceId ns = cluster.find_namespace(end.ns);
  return !end.ns.empty() && ns.is_valid() && holds_routers(cluster.at(ns), cluster);
}

/// Those that a router begins, in order.
std::vector<Connection> from_routers(const ChangedConnections& connections,
                                     const Cluster& cluster) {
  std::vector<bool> are_routers;
  for (const EndpointName& end : connections.ends) are_routers.push_back(is_router(end, cluster));
  ChangedConnections of_routers;
  of_routers.ends = connections.ends;
  for (const ConnectionGroup& group : connections.groups) {
    ConnectionGroup part = group;
    std::erase_if(part.sources, [&](EndId id) { return !are_routers[id.value]; });
    const bool is_left = !part.sources.empty() && part.is_itself() == group.is_itself();
    if (is_left) of_routers.groups.push_back(std::move(part));
  }
  std::vector<Connection> result;
  of_routers.for_each([&](const Connection& each) {
    result.push_back(each);
    return true;
  });
  return result;
}

/// The first connection from a router to the Service's pods on the Service's port.
const Connection* connection_to(const Service& service, const std::vector<Connection>& connections,
                                const Cluster& cluster) {
  const std::string& ns = cluster.at(service.ns).name;
  const std::vector<PodId> pods = pods_behind(service, cluster);
  for (const Connection& connection : connections) {
    if (connection.dst.ns != ns) continue;
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

/// A state, and how to ask it about single flows.
struct State {
  const Cluster& cluster;
  Evaluator evaluator;

  explicit State(const Cluster& of) : cluster(of), evaluator(of, PendingPods::WillRun) {}
};

std::vector<PodId> pods_of(const EndpointName& end, const Cluster& cluster) {
  const NamespaceId ns = cluster.find_namespace(end.ns);
  for (const Workload& workload : cluster.workloads) {
    if (workload.ns == ns && workload.kind == end.kind && workload.name == end.name) {
      return workload.pods;
    }
  }
  return {};
}

/// True if a pod of the router certainly reaches a pod of the Service.
bool answers(const EndpointName& router, const Service& service, const State& state) {
  const std::vector<PodId> targets = pods_behind(service, state.cluster);
  for (const PodId from : pods_of(router, state.cluster)) {
    for (const PodId to : targets) {
      for (const PodPort& each : ports_behind(service, state.cluster.at(to))) {
        if (state.evaluator.evaluate({from, to, each.protocol, each.port}).is_allowed())
          return true;
      }
    }
  }
  return false;
}

/// Another of its Services for which the router's answer is the same before and after.
bool has_other_backend(const Exposure& exposure, const std::string& changed,
                       const EndpointName& router, const State& state) {
  if (!exposure.any_answers) return false;
  const NamespaceId ns = state.cluster.find_namespace(exposure.object->key.ns);
  return ns.is_valid() && std::ranges::any_of(exposure.services, [&](const std::string& name) {
           const ServiceId id = state.cluster.find_service(ns, name);
           return name != changed && id.is_valid() && answers(router, state.cluster.at(id), state);
         });
}

/// `unchanged` is the state in which the Services whose connection is in the list do not answer.
void add_changes(const Exposure& exposure, const std::vector<Connection>& connections, bool stops,
                 const Cluster& cluster, const State& unchanged,
                 std::vector<RouteChange>& changes) {
  const ObjectKey& key = exposure.object->key;
  const NamespaceId ns = cluster.find_namespace(key.ns);
  if (!ns.is_valid()) return;
  for (const std::string& name : exposure.services) {
    const ServiceId service = cluster.find_service(ns, name);
    if (!service.is_valid()) continue;
    const Connection* connection = connection_to(cluster.at(service), connections, cluster);
    if (connection == nullptr) continue;
    changes.push_back(
        {key.kind, key.ns, key.name, exposure.host, to_string(connection->src),
         to_string(connection->dst), stops,
         connection->partly || has_other_backend(exposure, name, connection->src, unchanged),
         connection->partly, exposure.object->place()});
    return;
  }
}

std::vector<Exposure> exposures_of(const ObjectStore& objects) {
  std::vector<Exposure> exposures;
  for (const Object* route : objects.of_kind("Route")) exposures.push_back(route_of(*route));
  for (const Object* ingress : objects.of_kind("Ingress")) {
    exposures.push_back(ingress_of(*ingress));
  }
  return exposures;
}

}  // namespace

std::vector<RouteChange> find_route_changes(const Snapshot& before, const Snapshot& after,
                                            const ReachabilityChange& change) {
  const std::vector<Exposure> exposures = exposures_of(after.objects);
  std::vector<RouteChange> changes;
  if (exposures.empty()) return changes;
  const State then(before.cluster);
  const State now(after.cluster);
  const std::vector<Connection> lost = from_routers(change.lost, after.cluster);
  const std::vector<Connection> gained = from_routers(change.gained, after.cluster);
  for (const Exposure& exposure : exposures) {
    add_changes(exposure, lost, true, after.cluster, now, changes);
    add_changes(exposure, gained, false, after.cluster, then, changes);
  }
  return changes;
}

std::vector<std::string> unjudged_routes(const Snapshot& snapshot,
                                         const std::vector<std::string>& namespaces) {
  const Cluster& cluster = snapshot.cluster;
  const bool has_router = std::ranges::any_of(cluster.namespaces, [&](const Namespace& ns) {
    return !ns.pods.empty() && holds_routers(ns, cluster);
  });
  std::vector<std::string> routes;
  if (has_router) return routes;
  for (const Exposure& exposure : exposures_of(snapshot.objects)) {
    const ObjectKey& key = exposure.object->key;
    if (std::ranges::find(namespaces, key.ns) != namespaces.end()) routes.push_back(to_string(key));
  }
  return routes;
}

}  // namespace meshproof
