#include "cli/routes.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "solver/evaluate.h"
#include "solver/exposures.h"

namespace meshproof {
namespace {

/// True if a port of the pod to which the exposed one leads is in the set.
bool leads_into(const ExposedService& exposed, const Service& service, const Pod& pod,
                const PortSet& ports) {
  const std::vector<PodPort> behind = ports_behind(exposed, service, pod);
  return std::any_of(behind.begin(), behind.end(),
                     [&](const PodPort& each) { return ports.contains(each.protocol, each.port); });
}

std::set<EndpointName> router_workloads(const Cluster& cluster) {
  std::set<EndpointName> workloads;
  for (const PodId id : routers(cluster)) {
    const Workload& workload = cluster.at(cluster.at(id).workload);
    workloads.insert({cluster.at(workload.ns).name, workload.kind, workload.name, {}});
  }
  return workloads;
}

/// Those that a router begins, in order.
std::vector<Connection> from_routers(const ChangedConnections& connections,
                                     const Cluster& cluster) {
  const std::set<EndpointName> workloads = router_workloads(cluster);
  std::vector<bool> are_routers;
  for (const EndpointName& end : connections.ends) are_routers.push_back(workloads.contains(end));
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

/// The first connection from a router to the Service's pods on the exposed port.
const Connection* connection_to(const ExposedService& exposed, const Service& service,
                                const std::vector<Connection>& connections,
                                const Cluster& cluster) {
  const std::string& ns = cluster.at(service.ns).name;
  const std::vector<PodId> pods = pods_behind(service, cluster);
  for (const Connection& connection : connections) {
    if (connection.dst.ns != ns) continue;
    for (const PodId id : pods) {
      const Pod& pod = cluster.at(id);
      const Workload& workload = cluster.at(pod.workload);
      if (workload.name == connection.dst.name && workload.kind == connection.dst.kind &&
          leads_into(exposed, service, pod, connection.ports)) {
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
bool answers(const EndpointName& router, const ExposedService& exposed, const Service& service,
             const State& state) {
  const std::vector<PodId> targets = pods_behind(service, state.cluster);
  for (const PodId from : pods_of(router, state.cluster)) {
    for (const PodId to : targets) {
      for (const PodPort& each : ports_behind(exposed, service, state.cluster.at(to))) {
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
  return ns.is_valid() && std::ranges::any_of(exposure.services, [&](const ExposedService& each) {
           const ServiceId id = state.cluster.find_service(ns, each.service);
           return each.service != changed && id.is_valid() &&
                  answers(router, each, state.cluster.at(id), state);
         });
}

/// `unchanged` is the state in which the Services whose connection is in the list do not answer.
void add_changes(const Exposure& exposure, const std::vector<Connection>& connections, bool stops,
                 const Cluster& cluster, const State& unchanged,
                 std::vector<RouteChange>& changes) {
  const ObjectKey& key = exposure.object->key;
  const NamespaceId ns = cluster.find_namespace(key.ns);
  if (!ns.is_valid()) return;
  for (const ExposedService& exposed : exposure.services) {
    const std::string& name = exposed.service;
    const ServiceId service = cluster.find_service(ns, name);
    if (!service.is_valid()) continue;
    const Connection* connection =
        connection_to(exposed, cluster.at(service), connections, cluster);
    if (connection == nullptr) continue;
    changes.push_back(
        {key.kind, key.ns, key.name, exposure.host, to_string(connection->src),
         to_string(connection->dst), stops,
         connection->partly || has_other_backend(exposure, name, connection->src, unchanged),
         connection->partly, exposure.object->place()});
    return;
  }
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
  std::vector<std::string> routes;
  if (!routers(snapshot.cluster).empty()) return routes;
  for (const Exposure& exposure : exposures_of(snapshot.objects)) {
    const ObjectKey& key = exposure.object->key;
    if (std::ranges::find(namespaces, key.ns) != namespaces.end()) routes.push_back(to_string(key));
  }
  return routes;
}

}  // namespace meshproof
