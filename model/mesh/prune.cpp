#include "model/mesh/prune.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "model/mesh/charts.h"
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
  for (const Object& object : world.objects()) {
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
         (component == "tracing" && !plane.jaeger);
}

/// A gateway's objects are called like it, or like it and a dash.
bool is_called_after(const ObjectKey& key, const std::string& gateway) {
  return key.name == gateway || key.name.starts_with(gateway + '-');
}

bool serves_gateway(const ControlPlane& plane, const ObjectKey& key) {
  for (const AdditionalGateway& gateway : plane.additional_gateways) {
    if (key.ns == gateway.ns && is_called_after(key, gateway.name)) {
      return gateway.enabled.value_or(true);
    }
  }
  return (plane.ingress && key.ns == plane.ingress_namespace &&
          is_called_after(key, "istio-ingressgateway")) ||
         (plane.egress && key.ns == plane.egress_namespace &&
          is_called_after(key, "istio-egressgateway"));
}

/// Whether the charts still make an object that an earlier spec's charts made. What is not known of
/// them stays (SEMANTICS M2).
bool is_still_made(const ControlPlane& plane, const Object& object) {
  if (object.key.kind == "NetworkPolicy" && !plane.manages_policies) return false;
  // A copy in a member, made by operator 2.0, which left the labels on it.
  if (object.has_label(kMemberOfLabel)) return false;
  const ChartFate fate = chart_fate(plane, object.key);
  if (fate != ChartFate::Unknown) return fate == ChartFate::Made;
  const auto component = object.label("app.kubernetes.io/component");
  if (component == "istio-ingress" || component == "istio-egress") {
    return serves_gateway(plane, object.key);
  }
  return !is_switched_off(plane, component);
}

/// A policy with the operator's labels decides flows; whether the charts make it must be known.
void warn_of_stranger(World& world, const ControlPlane& plane, const Object& object) {
  if (object.key.kind != "NetworkPolicy") return;
  if (chart_fate(plane, object.key) != ChartFate::Unknown) return;
  if (serves_gateway(plane, object.key)) return;
  world.warn({object.place(),
              Severity::Warning,
              "unsupported-chart-object",
              to_string(object.key) +
                  " carries the operator's labels, but is none that the charts are known to make: "
                  "it is taken to stay, while the operator deletes it if nothing makes it any more",
              {},
              to_string(object.key)});
}

/// Who may use the mesh: the operator makes these with an owner, which a dump may lack.
bool is_of_mesh_users(const ObjectKey& key) {
  return (key.kind == "Role" && key.name == "mesh-user") ||
         (key.kind == "RoleBinding" && key.name == "mesh-users");
}

bool is_owned_by_reference(const Object& object, const ObjectKey& plane) {
  const Tree* owners = object.tree->find_path({"metadata", "ownerReferences"});
  if (owners == nullptr) return is_of_mesh_users(object.key);
  return std::ranges::any_of(owners->items, [&](const Tree& owner) {
    const auto kind = owner.string_at({"kind"});
    // The charts' Jaeger goes with the control plane, and what its operator made goes with
    // it.
    return kind == "Jaeger" || (kind == plane.kind && owner.string_at({"name"}) == plane.name);
  });
}

}  // namespace

Tree stamped(Tree object, const ControlPlane& plane, const std::string& generation) {
  set_label(object, kAppVersionLabel, generation);
  set_label(object, "maistra-version", plane.version->maistra_version);
  set_annotation(object, kGenerationAnnotation, generation);
  // Operators before 2.1 do not write this one.
  const Tree* labels = object.find_path({"metadata", "labels"});
  if (plane.names_owner && labels->find(kOwnerLabel) != nullptr)
    set_label(object, kOwnerNameLabel, plane.name);
  return object;
}

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
    if (!is_still_made(plane, object)) continue;
    warn_of_stranger(world, plane, object);
    const bool aside = !is_predicted(object.key.kind);
    world.update(stamped(*object.tree, plane, generation),
                 {"is stamped with the new mesh generation", "", 0, aside});
  }
}

std::vector<std::string> gateways_outside(const World& world, const Object& control_plane) {
  const ControlPlane plane = read_control_plane(control_plane, world.version());
  const Object* roll = world.find("ServiceMeshMemberRoll", plane.ns, "default");
  std::vector<std::string> inside;
  if (roll != nullptr) inside = strings_at(*roll->tree, {"status", "configuredMembers"});
  inside.push_back(plane.ns);
  const auto owned = owned_objects(world, control_plane.key);
  std::vector<std::string> outside;
  const auto check = [&](bool made, const std::string& ns, const std::string& name) {
    if (made && std::ranges::find(inside, ns) == inside.end()) outside.push_back(ns + '/' + name);
  };
  check(plane.ingress, plane.ingress_namespace, "istio-ingressgateway");
  check(plane.egress, plane.egress_namespace, "istio-egressgateway");
  for (const AdditionalGateway& gateway : plane.additional_gateways) {
    // Unset means off; but what is there shows that it is made.
    const bool made = std::ranges::any_of(owned, [&](const Object& object) {
      return object.key.ns == gateway.ns && is_called_after(object.key, gateway.name);
    });
    check(gateway.enabled.value_or(made), gateway.ns, gateway.name);
  }
  return outside;
}

void collect_garbage(World& world, const ObjectKey& control_plane) {
  std::vector<ObjectKey> orphans;
  for (const Object& object : world.objects()) {
    if (object.key.ns == control_plane.ns && is_owned_by_reference(object, control_plane)) {
      orphans.push_back(object.key);
    }
  }
  for (const ObjectKey& key : orphans) {
    world.remove(key, {"its control plane is gone", "", 0, !is_predicted(key.kind)});
  }
}

}  // namespace meshproof
