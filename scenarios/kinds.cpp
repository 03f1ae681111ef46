#include "scenarios/kinds.h"

#include <algorithm>
#include <array>
#include <vector>

#include "model/object.h"
#include "model/spelling.h"

namespace meshproof {
namespace {

struct KindRow {
  std::string_view group;
  std::string_view kind;  ///< `*`: every kind of the group
};

constexpr std::array kClusterScoped = std::to_array<KindRow>({
    {"", "Namespace"},
    {"", "Node"},
    {"", "PersistentVolume"},
    {"", "ComponentStatus"},
    {"admissionregistration.k8s.io", "*"},
    {"apiextensions.k8s.io", "*"},
    {"apiregistration.k8s.io", "*"},
    {"authorization.openshift.io", "ClusterRole"},
    {"authorization.openshift.io", "ClusterRoleBinding"},
    {"certificates.k8s.io", "*"},
    {"cilium.io", "CiliumClusterwideNetworkPolicy"},
    {"cilium.io", "CiliumNode"},
    {"config.openshift.io", "*"},
    {"crd.projectcalico.org", "GlobalNetworkPolicy"},
    {"crd.projectcalico.org", "GlobalNetworkSet"},
    {"crd.projectcalico.org", "IPPool"},
    {"crd.projectcalico.org", "Tier"},
    {"flowcontrol.apiserver.k8s.io", "*"},
    {"k8s.ovn.org", "AdminPolicyBasedExternalRoute"},
    {"k8s.ovn.org", "ClusterUserDefinedNetwork"},
    {"k8s.ovn.org", "EgressIP"},
    {"machineconfiguration.openshift.io", "*"},
    {"network.openshift.io", "ClusterNetwork"},
    {"network.openshift.io", "HostSubnet"},
    {"network.openshift.io", "NetNamespace"},
    {"networking.k8s.io", "IngressClass"},
    {"node.k8s.io", "*"},
    {"oauth.openshift.io", "*"},
    {"operator.openshift.io", "Network"},
    {"policy", "PodSecurityPolicy"},
    {"policy.networking.k8s.io", "*"},
    {"project.openshift.io", "Project"},
    {"projectcalico.org", "GlobalNetworkPolicy"},
    {"projectcalico.org", "GlobalNetworkSet"},
    {"projectcalico.org", "IPPool"},
    {"projectcalico.org", "Tier"},
    {"rbac.authorization.k8s.io", "ClusterRole"},
    {"rbac.authorization.k8s.io", "ClusterRoleBinding"},
    {"scheduling.k8s.io", "*"},
    {"security.openshift.io", "SecurityContextConstraints"},
    {"storage.k8s.io", "CSIDriver"},
    {"storage.k8s.io", "CSINode"},
    {"storage.k8s.io", "StorageClass"},
    {"storage.k8s.io", "VolumeAttachment"},
    {"user.openshift.io", "*"},
});

/// Namespaced kinds that have no row in default_api_version() and are met often.
constexpr std::array kNamespaced = std::to_array<KindRow>({
    {"", "*"},
    {"apps", "*"},
    {"autoscaling", "*"},
    {"batch", "*"},
    {"cilium.io", "CiliumNetworkPolicy"},
    {"coordination.k8s.io", "*"},
    {"crd.projectcalico.org", "NetworkPolicy"},
    {"events.k8s.io", "*"},
    {"k8s.cni.cncf.io", "*"},
    {"k8s.ovn.org", "EgressFirewall"},
    {"k8s.ovn.org", "EgressQoS"},
    {"k8s.ovn.org", "EgressService"},
    {"k8s.ovn.org", "UserDefinedNetwork"},
    {"maistra.io", "*"},
    {"networking.istio.io", "*"},
    {"policy", "*"},
    {"projectcalico.org", "NetworkPolicy"},
    {"rbac.authorization.k8s.io", "Role"},
    {"route.openshift.io", "*"},
    {"security.istio.io", "*"},
    {"telemetry.istio.io", "*"},
});

/// Groups that have moved; today's is default_api_version().
constexpr std::array kOldGroups = std::to_array<KindRow>({
    {"", "ClusterNetwork"},
    {"", "ClusterRoleBinding"},
    {"", "DeploymentConfig"},
    {"", "EgressNetworkPolicy"},
    {"", "HostSubnet"},
    {"", "NetNamespace"},
    {"", "Project"},
    {"", "Role"},
    {"", "RoleBinding"},
    {"", "Route"},
    {"authorization.openshift.io", "ClusterRoleBinding"},
    {"authorization.openshift.io", "Role"},
    {"authorization.openshift.io", "RoleBinding"},
    {"extensions", "DaemonSet"},
    {"extensions", "Deployment"},
    {"extensions", "Ingress"},
    {"extensions", "NetworkPolicy"},
    {"extensions", "ReplicaSet"},
});

/// Groups whose kinds are all known, as far as their names are those of kinds in the model.
constexpr std::array<std::string_view, 11> kClosedGroups{"",
                                                         "apps",
                                                         "apps.openshift.io",
                                                         "batch",
                                                         "discovery.k8s.io",
                                                         "extensions",
                                                         "maistra.io",
                                                         "network.openshift.io",
                                                         "networking.k8s.io",
                                                         "rbac.authorization.k8s.io",
                                                         "route.openshift.io"};

struct VersionRow {
  std::string_view kind;
  std::array<std::string_view, 2> api_versions;
};

constexpr std::array kMeshVersions = std::to_array<VersionRow>({
    {"ServiceMeshControlPlane", {"maistra.io/v1", "maistra.io/v2"}},
    {"ServiceMeshMember", {"maistra.io/v1", "maistra.io/v1"}},
    {"ServiceMeshMemberRoll", {"maistra.io/v1", "maistra.io/v1alpha1"}},
});

template <typename Rows>
bool has_row(const Rows& rows, std::string_view group, std::string_view kind) {
  return std::ranges::any_of(rows, [&](const KindRow& row) {
    return row.group == group && (row.kind == kind || row.kind == "*");
  });
}

}  // namespace

Scope scope_of(std::string_view group, std::string_view kind) {
  if (has_row(kClusterScoped, group, kind)) return Scope::Cluster;
  if (has_row(kNamespaced, group, kind)) return Scope::Namespaced;
  const std::string_view known = default_api_version(kind);
  return !known.empty() && group_of(known) == group ? Scope::Namespaced : Scope::Unknown;
}

std::string_view modern_api_version(std::string_view group, std::string_view kind) {
  const bool has_moved = std::ranges::any_of(
      kOldGroups, [&](const KindRow& row) { return row.group == group && row.kind == kind; });
  return has_moved ? default_api_version(kind) : std::string_view{};
}

bool is_misplaced(std::string_view group, std::string_view kind) {
  const std::string_view known = default_api_version(kind);
  return !known.empty() && group_of(known) != group &&
         std::ranges::find(kClosedGroups, group) != kClosedGroups.end() &&
         modern_api_version(group, kind).empty();
}

bool is_known_version(std::string_view api_version, std::string_view kind) {
  if (group_of(api_version) != "maistra.io") return true;
  const auto row = std::ranges::find(kMeshVersions, kind, &VersionRow::kind);
  return row == kMeshVersions.end() ||
         std::ranges::find(row->api_versions, api_version) != row->api_versions.end();
}

std::string_view nearest_kind(std::string_view group, std::string_view kind) {
  const std::vector<std::string_view> candidates = known_kinds();
  const std::string_view nearest = nearest_word(kind, candidates);
  return !nearest.empty() && nearest != kind && default_group(nearest) == group
             ? nearest
             : std::string_view{};
}

}  // namespace meshproof
