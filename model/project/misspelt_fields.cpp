#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "model/project/fields.h"
#include "model/project/owners.h"
#include "model/project/projection.h"
#include "model/spelling.h"

namespace meshproof {
namespace {

using Names = std::span<const std::string_view>;

/// The fields of one mapping: those that a verdict may rest on, and others of the API, which are
/// none of them misspelt however near. More than these may come: the API grows.
struct KnownFields {
  Names read;
  Names others;
};

constexpr auto kMetadataRead = std::to_array<std::string_view>(
    {"name", "namespace", "labels", "annotations", "ownerReferences", "finalizers",
     "deletionTimestamp", "generation"});
constexpr auto kMetadataOthers = std::to_array<std::string_view>(
    {"clusterName", "creationTimestamp", "deletionGracePeriodSeconds", "generateName",
     "initializers", "managedFields", "resourceVersion", "selfLink", "uid"});
constexpr KnownFields kMetadata{kMetadataRead, kMetadataOthers};

constexpr auto kPodRead =
    std::to_array<std::string_view>({"containers", "hostNetwork", "initContainers", "nodeName"});
constexpr auto kPodOthers = std::to_array<std::string_view>({"activeDeadlineSeconds",
                                                             "affinity",
                                                             "automountServiceAccountToken",
                                                             "dnsConfig",
                                                             "dnsPolicy",
                                                             "enableServiceLinks",
                                                             "ephemeralContainers",
                                                             "hostAliases",
                                                             "hostIPC",
                                                             "hostPID",
                                                             "hostUsers",
                                                             "hostname",
                                                             "imagePullSecrets",
                                                             "nodeSelector",
                                                             "overhead",
                                                             "preemptionPolicy",
                                                             "priority",
                                                             "priorityClassName",
                                                             "readinessGates",
                                                             "restartPolicy",
                                                             "runtimeClassName",
                                                             "schedulerName",
                                                             "securityContext",
                                                             "serviceAccount",
                                                             "serviceAccountName",
                                                             "setHostnameAsFQDN",
                                                             "shareProcessNamespace",
                                                             "subdomain",
                                                             "terminationGracePeriodSeconds",
                                                             "tolerations",
                                                             "topologySpreadConstraints",
                                                             "volumes"});
constexpr KnownFields kPodSpec{kPodRead, kPodOthers};

constexpr auto kServiceRead = std::to_array<std::string_view>(
    {"selector", "ports", "clusterIP", "clusterIPs", "externalName", "type"});
constexpr auto kServiceOthers =
    std::to_array<std::string_view>({"externalIPs", "ipFamilies", "loadBalancerIP"});
constexpr KnownFields kServiceSpec{kServiceRead, kServiceOthers};

constexpr auto kServicePortRead =
    std::to_array<std::string_view>({"name", "port", "protocol", "targetPort"});
constexpr auto kServicePortOthers = std::to_array<std::string_view>({"appProtocol", "nodePort"});
constexpr KnownFields kServicePort{kServicePortRead, kServicePortOthers};

constexpr auto kRollRead = std::to_array<std::string_view>({"members", "memberSelectors"});
constexpr KnownFields kRollSpec{kRollRead, {}};

constexpr auto kMemberRead = std::to_array<std::string_view>({"controlPlaneRef"});
constexpr KnownFields kMemberSpec{kMemberRead, {}};

constexpr auto kReferenceRead = std::to_array<std::string_view>({"name", "namespace"});
constexpr KnownFields kReference{kReferenceRead, {}};

constexpr auto kPlaneRead = std::to_array<std::string_view>(
    {"version", "mode", "security", "addons", "gateways", "tracing", "profiles"});
constexpr KnownFields kPlaneSpec{kPlaneRead, {}};

constexpr auto kSecurityRead = std::to_array<std::string_view>({"manageNetworkPolicy"});
constexpr KnownFields kSecurity{kSecurityRead, {}};

bool contains(Names names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

void check(const Tree* mapping, const KnownFields& known, Diagnostics& diagnostics) {
  if (mapping == nullptr) return;
  for (const TreeField& entry : mapping->fields) {
    if (contains(known.read, entry.key) || contains(known.others, entry.key)) continue;
    const std::string_view meant = nearest_word(entry.key, known.read);
    if (meant.empty()) continue;
    add_warning(diagnostics, entry.key_place, "pruned-field",
                "field `" + entry.key +
                    "` is unknown here and pruned by the API server; did you mean `" +
                    std::string{meant} + "`?");
  }
}

void check_pod_template(const Tree& pod, Diagnostics& diagnostics) {
  check(pod.find("metadata"), kMetadata, diagnostics);
  check(pod.find("spec"), kPodSpec, diagnostics);
}

void check_service(const Tree& service, Diagnostics& diagnostics) {
  check(service.find("spec"), kServiceSpec, diagnostics);
  const Tree* ports = service.find_path({"spec", "ports"});
  if (ports == nullptr) return;
  for (const Tree& port : ports->items) check(&port, kServicePort, diagnostics);
}

}  // namespace

void find_misspelt_fields(const Object& object, const Tree& tree, Diagnostics& diagnostics) {
  check(tree.find("metadata"), kMetadata, diagnostics);
  const std::string_view kind = object.key.kind;
  if (object.key.group != default_group(kind)) return;
  const Tree* spec = tree.find("spec");
  if (kind == "Pod") {
    check(spec, kPodSpec, diagnostics);
  } else if (const Tree* pod = pod_template(kind, tree); pod != nullptr) {
    check_pod_template(*pod, diagnostics);
  } else if (kind == "Service") {
    check_service(tree, diagnostics);
  } else if (kind == "ServiceMeshMemberRoll") {
    check(spec, kRollSpec, diagnostics);
  } else if (kind == "ServiceMeshMember") {
    check(spec, kMemberSpec, diagnostics);
    check(tree.find_path({"spec", "controlPlaneRef"}), kReference, diagnostics);
  } else if (kind == "ServiceMeshControlPlane") {
    check(spec, kPlaneSpec, diagnostics);
    check(tree.find_path({"spec", "security"}), kSecurity, diagnostics);
  }
}

}  // namespace meshproof
