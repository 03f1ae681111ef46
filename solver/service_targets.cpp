#include "solver/service_targets.h"

#include <optional>

namespace meshproof {
namespace {

/// SEMANTICS S4: a target port by name is the pod's own container port of that name.
std::optional<std::uint16_t> target_port(const Cluster& cluster, const ServicePort& port,
                                         PodId pod) {
  if (port.target_name.empty()) return port.target_port != 0 ? port.target_port : port.port;
  if (!pod.is_valid()) return std::nullopt;
  for (const ContainerPort& candidate : cluster.at(pod).ports) {
    const bool same = candidate.name == port.target_name && candidate.protocol == port.protocol;
    if (same) return candidate.port;
  }
  return std::nullopt;
}

std::optional<std::uint16_t> endpoint_port(const Cluster& cluster, const ServiceEndpoint& endpoint,
                                           const ServicePort& port) {
  if (endpoint.ports.empty()) return target_port(cluster, port, endpoint.pod);
  for (const ServicePort& candidate : endpoint.ports) {
    if (candidate.name == port.name && candidate.protocol == port.protocol) return candidate.port;
  }
  return std::nullopt;
}

bool is_ready(const Pod& pod, PendingPods pending) {
  const bool waits = pod.phase == PodPhase::Pending && pod.addresses.empty() && !pod.stand_in;
  return !pod.is_completed() && (!waits || pending == PendingPods::WillRun);
}

}  // namespace

std::vector<ServiceTarget> service_targets(const Cluster& cluster, const Service& service,
                                           const WantedPort& wanted, PendingPods pending) {
  const ServicePort* offered = wanted.offered;
  std::vector<ServiceTarget> targets;
  const auto add = [&](const FlowEnd& end, std::optional<std::uint16_t> number) {
    if (number) targets.push_back({end, *number});
  };
  if (service.has_endpoints_object) {
    for (const ServiceEndpoint& endpoint : service.endpoints) {
      const bool stands_for_pod =
          endpoint.pod.is_valid() && !cluster.at(endpoint.pod).is_completed();
      add(stands_for_pod ? FlowEnd{endpoint.pod} : FlowEnd{endpoint.address},
          offered == nullptr ? wanted.port : endpoint_port(cluster, endpoint, *offered));
    }
    return targets;
  }
  if (!service.selector) return targets;
  for (const PodId id : cluster.at(service.ns).pods) {
    const Pod& pod = cluster.at(id);
    if (!is_ready(pod, pending) || !matches(*service.selector, pod.labels)) continue;
    add(id, offered == nullptr ? wanted.port : target_port(cluster, *offered, id));
  }
  return targets;
}

}  // namespace meshproof
