#include "model/object.h"

#include <algorithm>
#include <array>
#include <utility>

namespace meshproof {
namespace {

struct KindRow {
  std::string_view kind;
  std::string_view api_version;
};

// docs/FORMATS.md, "Which group a bare kind stands for".
constexpr std::array kKinds = std::to_array<KindRow>({
    {"APIService", "apiregistration.k8s.io/v1"},
    {"ClusterNetwork", "network.openshift.io/v1"},
    {"ClusterRoleBinding", "rbac.authorization.k8s.io/v1"},
    {"ConfigMap", "v1"},
    {"CronJob", "batch/v1"},
    {"CustomResourceDefinition", "apiextensions.k8s.io/v1"},
    {"DaemonSet", "apps/v1"},
    {"Deployment", "apps/v1"},
    {"DeploymentConfig", "apps.openshift.io/v1"},
    {"EgressNetworkPolicy", "network.openshift.io/v1"},
    {"EndpointSlice", "discovery.k8s.io/v1"},
    {"Endpoints", "v1"},
    {"HostSubnet", "network.openshift.io/v1"},
    {"Ingress", "networking.k8s.io/v1"},
    {"Job", "batch/v1"},
    {"Kiali", "kiali.io/v1alpha1"},
    {"MutatingWebhookConfiguration", "admissionregistration.k8s.io/v1"},
    {"Namespace", "v1"},
    {"NetNamespace", "network.openshift.io/v1"},
    {"Network", "config.openshift.io/v1"},
    {"NetworkAttachmentDefinition", "k8s.cni.cncf.io/v1"},
    {"NetworkPolicy", "networking.k8s.io/v1"},
    {"Node", "v1"},
    {"Pod", "v1"},
    {"PodMonitor", "monitoring.coreos.com/v1"},
    {"Project", "project.openshift.io/v1"},
    {"ReplicaSet", "apps/v1"},
    {"ReplicationController", "v1"},
    {"Role", "rbac.authorization.k8s.io/v1"},
    {"RoleBinding", "rbac.authorization.k8s.io/v1"},
    {"Route", "route.openshift.io/v1"},
    {"Service", "v1"},
    {"ServiceAccount", "v1"},
    {"ServiceMeshControlPlane", "maistra.io/v2"},
    {"ServiceMeshExtension", "maistra.io/v1"},
    {"ServiceMeshMember", "maistra.io/v1"},
    {"ServiceMeshMemberRoll", "maistra.io/v1"},
    {"ServiceMonitor", "monitoring.coreos.com/v1"},
    {"StatefulSet", "apps/v1"},
    {"ValidatingWebhookConfiguration", "admissionregistration.k8s.io/v1"},
});

}  // namespace

std::string to_string(const ObjectKey& key) {
  return key.kind + ' ' + (key.ns.empty() ? "" : key.ns + '/') + key.name;
}

std::string_view Object::label(std::string_view label_key) const {
  const Tree* mapping = labels();
  return mapping == nullptr ? std::string_view{} : mapping->string_at({label_key});
}

bool Object::has_label(std::string_view label_key) const {
  const Tree* mapping = labels();
  return mapping != nullptr && mapping->find(label_key) != nullptr;
}

bool Object::is_terminating() const {
  const Tree* stamp = tree->find_path({"metadata", "deletionTimestamp"});
  return stamp != nullptr && !stamp->is_null();
}

std::string_view group_of(std::string_view api_version) {
  const auto slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view{} : api_version.substr(0, slash);
}

std::string_view default_api_version(std::string_view kind) {
  const auto row = std::ranges::lower_bound(kKinds, kind, {}, &KindRow::kind);
  return row != kKinds.end() && row->kind == kind ? row->api_version : std::string_view{};
}

std::string_view default_group(std::string_view kind) {
  return group_of(default_api_version(kind));
}

std::vector<std::string_view> known_kinds() {
  std::vector<std::string_view> kinds;
  kinds.reserve(kKinds.size());
  for (const auto& row : kKinds) kinds.push_back(row.kind);
  return kinds;
}

ObjectKey key_of(const Tree& tree) {
  return {std::string{group_of(tree.string_at({"apiVersion"}))},
          std::string{tree.string_at({"kind"})},
          std::string{tree.string_at({"metadata", "namespace"})},
          std::string{tree.string_at({"metadata", "name"})}};
}

Object make_object(Tree tree) {
  ObjectKey key = key_of(tree);
  return {std::move(key), ObjectTree{std::move(tree)}};
}

}  // namespace meshproof
