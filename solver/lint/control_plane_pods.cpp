#include "solver/lint/control_plane_pods.h"

#include <string_view>

namespace meshproof {
namespace {

constexpr std::uint16_t kDiscovery = 15012;
constexpr std::uint16_t kPilotDiscovery = 15010;

bool has_label(const Cluster& cluster, const Pod& pod, std::string_view key,
               std::string_view value) {
  const Symbol found = pod.labels.find(cluster.symbols.find(key));
  return found.is_valid() && cluster.symbols.text(found) == value;
}

}  // namespace

ControlPlanePods control_plane_pods(const Cluster& cluster, const Mesh& mesh) {
  ControlPlanePods result;
  result.discovery_port = mesh.version.starts_with("v1.") ? kPilotDiscovery : kDiscovery;
  const NamespaceId ns = cluster.find_namespace(mesh.ns);
  if (!ns.is_valid()) return result;
  for (const PodId id : cluster.at(ns).pods) {
    const Pod& pod = cluster.at(id);
    if (pod.host_network || pod.is_completed()) continue;
    if (has_label(cluster, pod, "app", "istiod") || has_label(cluster, pod, "istio", "pilot")) {
      result.istiods.push_back(id);
    }
    if (has_label(cluster, pod, "istio", "ingressgateway") ||
        has_label(cluster, pod, "istio", "egressgateway")) {
      result.gateways.push_back(id);
    }
  }
  return result;
}

}  // namespace meshproof
