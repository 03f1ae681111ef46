#include "model/cluster.h"

#include <algorithm>

namespace meshproof {
namespace {

/// Binary search in a vector that is sorted by namespace and name.
template <typename Thing>
Id<Thing> find_named(const std::vector<Thing>& things, NamespaceId ns, std::string_view name) {
  const auto at = std::ranges::lower_bound(things, std::pair{ns, name}, {}, [](const Thing& thing) {
    return std::pair{thing.ns, std::string_view{thing.name}};
  });
  if (at == things.end() || at->ns != ns || at->name != name) return {};
  return {static_cast<std::uint32_t>(at - things.begin())};
}

bool has_address(const std::vector<IpAddress>& addresses, const IpAddress& address) {
  return std::ranges::find(addresses, address) != addresses.end();
}

/// The node's own addresses inside a pod subnet: the gateway is the first one of it, and with
/// OVN-Kubernetes the second is the management port, which host traffic comes from (ovn.md 11).
bool is_gateway(const Cidr& subnet, const IpAddress& address, Dialect dialect) {
  return subnet.first().plus(1) == address ||
         (dialect == Dialect::OvnKubernetes && subnet.first().plus(2) == address);
}

}  // namespace

std::string_view to_string(Direction direction) {
  return direction == Direction::Ingress ? "ingress" : "egress";
}

NamespaceId Cluster::find_namespace(std::string_view name) const {
  const auto at = std::ranges::lower_bound(namespaces, name, {}, &Namespace::name);
  if (at == namespaces.end() || at->name != name) return {};
  return {static_cast<std::uint32_t>(at - namespaces.begin())};
}

PodId Cluster::find_pod(NamespaceId ns, std::string_view name) const {
  return find_named(pods, ns, name);
}

ServiceId Cluster::find_service(NamespaceId ns, std::string_view name) const {
  return find_named(services, ns, name);
}

PodId Cluster::find_pod_by_address(const IpAddress& address) const {
  PodId completed;
  for (std::uint32_t i = 0; i < pods.size(); ++i) {
    const Pod& pod = pods[i];
    if (pod.host_network || !has_address(pod.addresses, address)) continue;
    if (!pod.is_completed()) return {i};
    if (!completed.is_valid()) completed = {i};
  }
  return completed;
}

NodeId Cluster::find_node_by_address(const IpAddress& address) const {
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    if (has_address(nodes[i].addresses, address)) return {i};
  }
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    const auto holds = [&](const Cidr& subnet) {
      return is_gateway(subnet, address, network.dialect);
    };
    if (std::ranges::any_of(nodes[i].pod_subnets, holds)) return {i};
  }
  return {};
}

}  // namespace meshproof
