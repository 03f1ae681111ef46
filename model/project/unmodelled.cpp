#include "model/unmodelled.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "model/project/fields.h"
#include "model/project/projection.h"

namespace meshproof {
namespace {

struct UnmodelledKind {
  std::string_view group;
  std::string_view kind;
  bool namespaced = true;
  /// Can only take away from what the network allows: verdicts stand, as layer 3/4 statements.
  bool only_denies = false;
  /// The OpenShift SDN has no such kind: sdn.md lists all that its node and master look at.
  /// OVN-Kubernetes enforces those (ovn.md 22-27), and what a network of dialect `kubernetes`
  /// does with them is not known, so there they count.
  bool ignored_by_openshift_sdn = false;
};

// inputs.md, "Kinds that enforce are never skipped". EgressNetworkPolicy is not here: it is
// modelled, and the dialects other than openshift-sdn ignore it (ovn.md 20).
constexpr std::array kUnmodelled = std::to_array<UnmodelledKind>({
    {.group = "cilium.io", .kind = "CiliumClusterwideNetworkPolicy", .namespaced = false},
    {.group = "cilium.io", .kind = "CiliumNetworkPolicy"},
    {.group = "crd.antrea.io", .kind = "ClusterNetworkPolicy", .namespaced = false},
    {.group = "crd.antrea.io", .kind = "NetworkPolicy"},
    {.group = "crd.projectcalico.org", .kind = "GlobalNetworkPolicy", .namespaced = false},
    {.group = "crd.projectcalico.org", .kind = "HostEndpoint", .namespaced = false},
    {.group = "crd.projectcalico.org", .kind = "NetworkPolicy"},
    {.group = "k8s.cni.cncf.io", .kind = "MultiNetworkPolicy"},
    {.group = "k8s.ovn.org",
     .kind = "ClusterUserDefinedNetwork",
     .namespaced = false,
     .ignored_by_openshift_sdn = true},
    {.group = "k8s.ovn.org", .kind = "EgressFirewall", .ignored_by_openshift_sdn = true},
    {.group = "k8s.ovn.org", .kind = "UserDefinedNetwork", .ignored_by_openshift_sdn = true},
    {.group = "policy.networking.k8s.io",
     .kind = "AdminNetworkPolicy",
     .namespaced = false,
     .ignored_by_openshift_sdn = true},
    {.group = "policy.networking.k8s.io",
     .kind = "BaselineAdminNetworkPolicy",
     .namespaced = false,
     .ignored_by_openshift_sdn = true},
    {.group = "policy.networking.k8s.io",
     .kind = "ClusterNetworkPolicy",
     .namespaced = false,
     .ignored_by_openshift_sdn = true},
    {.group = "projectcalico.org", .kind = "GlobalNetworkPolicy", .namespaced = false},
    {.group = "projectcalico.org", .kind = "HostEndpoint", .namespaced = false},
    {.group = "projectcalico.org", .kind = "NetworkPolicy"},
    {.group = "security.istio.io", .kind = "AuthorizationPolicy", .only_denies = true},
    {.group = "security.istio.io", .kind = "PeerAuthentication", .only_denies = true},
});

const UnmodelledKind* find_kind(std::string_view group, std::string_view name) {
  const auto row = std::ranges::find_if(kUnmodelled, [&](const UnmodelledKind& kind) {
    return kind.group == group && kind.kind == name;
  });
  return row == kUnmodelled.end() ? nullptr : row;
}

std::string full_name(const UnmodelledKind& row) {
  return std::string{row.kind} + " (" + std::string{row.group} + ')';
}

struct KindCount {
  std::size_t objects = 0;
  Place first;
};

void tell(const UnmodelledKind& row, const KindCount& count, bool ignored,
          Diagnostics& diagnostics) {
  const std::string what = std::to_string(count.objects) +
                           (count.objects == 1 ? " object of kind " : " objects of kind ") +
                           full_name(row);
  if (ignored) {
    add_warning(diagnostics, count.first, "unenforced-kind",
                what + ": the OpenShift SDN does not enforce this kind");
  } else if (row.only_denies) {
    add_warning(diagnostics, count.first, "unsupported-kind",
                what +
                    ": not modelled, and it can only deny more, so verdicts are about layers "
                    "3 and 4 only");
  } else {
    add_warning(diagnostics, count.first, "unsupported-kind",
                what + ": not modelled, so every verdict that it may touch is unknown");
  }
}

/// In the control plane's project, Istio's security policies speak for the whole mesh.
bool speaks_for_mesh(const UnmodelledKind& row, const ObjectKey& key, const ObjectStore& objects) {
  return row.only_denies && !objects.of_kind("ServiceMeshControlPlane", key.ns).empty();
}

}  // namespace

bool is_unmodelled_kind(std::string_view kind, Dialect dialect) {
  const std::size_t slash = kind.rfind('/');
  if (slash == std::string_view::npos) return false;
  const auto* row = find_kind(kind.substr(0, slash), kind.substr(slash + 1));
  return row != nullptr && !row->only_denies &&
         !(row->ignored_by_openshift_sdn && dialect == Dialect::OpenShiftSdn);
}

std::vector<std::string_view> unmodelled_kinds() {
  std::vector<std::string_view> names;
  for (const UnmodelledKind& row : kUnmodelled) names.push_back(row.kind);
  return names;
}

void project_unmodelled(Projection& projection) {
  Cluster& cluster = projection.cluster;
  const bool is_openshift_sdn = cluster.network.dialect == Dialect::OpenShiftSdn;
  std::map<const UnmodelledKind*, KindCount> counts;
  for (const Object& object : projection.objects) {
    const ObjectKey& key = object.key;
    const auto* row = find_kind(key.group, key.kind);
    if (row == nullptr) continue;
    const auto [count, is_first] = counts.try_emplace(row);
    if (is_first) count->second.first = object.place();
    ++count->second.objects;
    if (row->ignored_by_openshift_sdn && is_openshift_sdn) continue;
    UnmodelledObject unmodelled{key, object.place(), row->only_denies, {}};
    if (row->namespaced && !speaks_for_mesh(*row, key, projection.objects)) {
      unmodelled.ns = cluster.find_namespace(key.ns);
    }
    cluster.unmodelled.push_back(std::move(unmodelled));
  }
  for (const auto& [row, count] : counts) {
    tell(*row, count, row->ignored_by_openshift_sdn && is_openshift_sdn, projection.diagnostics);
  }
}

}  // namespace meshproof
