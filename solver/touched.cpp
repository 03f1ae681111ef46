#include "solver/touched.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "solver/engines/all_pairs/flow_limit.h"

namespace meshproof {
namespace {

/// Kinds that decide no flow between two pods, or none but through kinds that are told apart.
constexpr std::array kIndifferentKinds = std::to_array<std::string_view>({
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "EndpointSlice",
    "Endpoints",
    "Ingress",
    "Kiali",
    "NetworkAttachmentDefinition",
    "Role",
    "RoleBinding",
    "Route",
    "Secret",
    "Service",
    "ServiceAccount",
    "ServiceMeshControlPlane",
    "ServiceMeshMember",
    "ServiceMeshMemberRoll",
});

/// What an object that is new, gone or different touches.
struct Reach {
  bool nothing = false;
  std::string ns;  ///< empty: not one namespace
};

Reach reach_of(const ObjectKey& key) {
  if (key.group != default_group(key.kind)) return {};
  if (std::ranges::binary_search(kIndifferentKinds, key.kind)) return {true, {}};
  if (key.kind == "NetworkPolicy" || key.kind == "EgressNetworkPolicy") return {false, key.ns};
  if (key.kind == "Namespace" || key.kind == "NetNamespace") return {false, key.name};
  return {};
}

bool is_same(const Object* a, const Object* b) {
  return a != nullptr && b != nullptr && *a->tree.read() == *b->tree.read();
}

/// False where a difference has no bound.
bool add_differences(const ObjectStore& one, const ObjectStore& other,
                     std::set<std::string>& touched) {
  for (const ObjectKey& key : one.differing_keys(other)) {
    if (is_same(one.find(key), other.find(key))) continue;
    const Reach reach = reach_of(key);
    if (reach.nothing) continue;
    if (reach.ns.empty() || reach.ns == kHostNetworkNamespace) return false;
    touched.insert(reach.ns);
  }
  return true;
}

/// SEMANTICS SDN-P8: pods anywhere can make a policy lose its rules, or get them back.
void add_resized(const Cluster& before, const Cluster& after, std::set<std::string>& touched) {
  std::vector<std::pair<std::string, std::string>> resized;
  std::ranges::set_symmetric_difference(oversized_policies(before), oversized_policies(after),
                                        std::back_inserter(resized));
  for (const auto& [ns, policy] : resized) touched.insert(ns);
}

/// The SDN knows a namespace by its network id.
void add_sharers(const Cluster& cluster, std::set<std::string>& touched) {
  std::set<std::uint32_t> ids;
  for (const NetNamespace& net : cluster.net_namespaces) {
    if (touched.contains(net.name)) ids.insert(net.netid);
  }
  for (const NetNamespace& net : cluster.net_namespaces) {
    if (ids.contains(net.netid)) touched.insert(net.name);
  }
}

}  // namespace

std::optional<std::set<std::string>> touched_namespaces(const Snapshot& before,
                                                        const Snapshot& after) {
  if (before.cluster.network != after.cluster.network) return std::nullopt;
  std::set<std::string> touched;
  if (!add_differences(before.objects, after.objects, touched)) return std::nullopt;
  add_resized(before.cluster, after.cluster, touched);
  const std::set<std::string> differing = touched;
  for (const Snapshot* state : {&before, &after}) {
    std::set<std::string> sharers = differing;
    add_sharers(state->cluster, sharers);
    touched.merge(sharers);
  }
  return touched;
}

bool touches_hosts(const Cluster& state, const std::set<std::string>& namespaces) {
  return std::ranges::any_of(namespaces, [&](const std::string& name) {
    const NamespaceId id = state.find_namespace(name);
    if (!id.is_valid()) return false;
    const Namespace& ns = state.at(id);
    const bool is_global =
        name == "default" || (ns.net_namespace.is_valid() && state.at(ns.net_namespace).netid == 0);
    return is_global ||
           std::ranges::any_of(ns.pods, [&](PodId pod) { return state.at(pod).host_network; });
  });
}

}  // namespace meshproof
