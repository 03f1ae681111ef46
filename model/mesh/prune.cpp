#include "model/mesh/prune.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "model/mesh/control_plane.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

// What is not named here comes last.
constexpr std::array<std::string_view, 15> kOrder = {"HorizontalPodAutoscaler",
                                                     "PodDisruptionBudget",
                                                     "Route",
                                                     "Deployment",
                                                     "DaemonSet",
                                                     "StatefulSet",
                                                     "Ingress",
                                                     "Service",
                                                     "Endpoints",
                                                     "ConfigMap",
                                                     "Secret",
                                                     "ServiceAccount",
                                                     "NetworkPolicy",
                                                     "RoleBinding",
                                                     "Role"};

std::size_t order_of(const ObjectKey& key) {
  return static_cast<std::size_t>(std::ranges::find(kOrder, key.kind) - kOrder.begin());
}

bool is_owned(const World& world, const Object& object, const ObjectKey& plane) {
  if (object.label("app.kubernetes.io/managed-by") != "maistra-istio-operator") return false;
  if (object.label(kOwnerLabel) != plane.ns) return false;
  if (world.version().wildcard && object.label(kOwnerNameLabel) != plane.name) return false;
  // Operator 2.0 looks into its own project and the control plane's only.
  const std::string& ns = object.key.ns;
  return world.version().strips_prune_labels || ns.empty() || ns == plane.ns ||
         ns == world.platform().operator_namespace;
}

std::vector<Object> owned_objects(const World& world, const ObjectKey& plane) {
  std::vector<Object> owned;
  for (const auto& [key, object] : world.objects().all()) {
    if (is_owned(world, object, plane)) owned.push_back(object);
  }
  return owned;
}

bool is_predicted(std::string_view kind) {
  return kind == "NetworkPolicy" || kind == "RoleBinding" || kind == "ClusterRoleBinding";
}

bool is_switched_off(const ControlPlane& plane, std::string_view component) {
  return (component == "grafana" && !plane.grafana) || (component == "kiali" && !plane.kiali) ||
         (component == "prometheus" && !plane.prometheus) ||
         (component == "tracing" && !plane.jaeger) ||
         (component == "istio-ingress" && !plane.ingress) ||
         (component == "istio-egress" && !plane.egress);
}

bool is_owned_by_reference(const Object& object, const ObjectKey& plane) {
  const Tree* owners = object.tree->find_path({"metadata", "ownerReferences"});
  return owners != nullptr && std::ranges::any_of(owners->items, [&](const Tree& owner) {
           const auto kind = owner.string_at({"kind"});
           // The charts' Jaeger goes with the control plane, and what its operator made goes with
           // it.
           return kind == "Jaeger" ||
                  (kind == plane.kind && owner.string_at({"name"}) == plane.name);
         });
}

}  // namespace

void prune(World& world, const Object& control_plane, const std::string& generation) {
  auto doomed = owned_objects(world, control_plane.key);
  std::erase_if(doomed, [&](const Object& object) {
    return !generation.empty() && object.label(kAppVersionLabel) == generation;
  });
  std::ranges::stable_sort(doomed, {}, [](const Object& object) { return order_of(object.key); });
  const std::string reason = generation.empty() ? "its control plane is deleted"
                                                : "the control plane's spec makes it no more";
  for (const Object& object : doomed) {
    const bool aside = !is_predicted(object.key.kind);
    world.remove(object.key, {reason, "", 0, aside});
  }
}

void restamp_others(World& world, const Object& control_plane, const std::string& generation) {
  const ControlPlane plane = read_control_plane(control_plane, world.version());
  for (const Object& object : owned_objects(world, control_plane.key)) {
    if (is_predicted(object.key.kind)) continue;
    if (is_switched_off(plane, object.label("app.kubernetes.io/component"))) continue;
    Tree stamped = *object.tree;
    set_label(stamped, kAppVersionLabel, generation);
    set_label(stamped, "maistra-version", plane.version->maistra_version);
    set_annotation(stamped, kGenerationAnnotation, generation);
    world.update(std::move(stamped), {"is stamped with the new mesh generation", "", 0, true});
  }
}

void collect_garbage(World& world, const ObjectKey& control_plane) {
  std::vector<ObjectKey> orphans;
  for (const auto& [key, object] : world.objects().all()) {
    if (key.ns == control_plane.ns && is_owned_by_reference(object, control_plane)) {
      orphans.push_back(key);
    }
  }
  for (const ObjectKey& key : orphans) {
    world.remove(key, {"its control plane is gone", "", 0, !is_predicted(key.kind)});
  }
}

}  // namespace meshproof
