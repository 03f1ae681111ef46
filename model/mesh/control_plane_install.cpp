#include "model/mesh/control_plane_install.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/mesh/chart_routes.h"
#include "model/mesh/chart_writes.h"
#include "model/mesh/charts.h"
#include "model/mesh/conditions.h"
#include "model/mesh/control_plane.h"
#include "model/mesh/finalizer.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"
#include "model/mesh/network_join.h"
#include "model/mesh/prune.h"
#include "model/mesh/watches.h"

namespace meshproof {
namespace {

constexpr const char* kUnpredicted =
    "workloads, Services, ConfigMaps, webhooks and custom resources of a control plane are "
    "not predicted, and its workloads are taken to become ready";

bool ignores_own_project(const World& world, const ControlPlane& plane) {
  return world.version().always_ignores_own_project || plane.version->number < 204;
}

void make_automatic_roll(World& world, const ControlPlane& plane) {
  if (!plane.cluster_wide || plane.version->number < 204) return;
  if (world.find("ServiceMeshMemberRoll", plane.ns, "default") != nullptr) return;
  Tree owner = Tree::mapping({{"apiVersion", Tree::string("maistra.io/v2")},
                              {"controller", Tree::boolean(true)},
                              {"kind", Tree::string("ServiceMeshControlPlane")},
                              {"name", Tree::string(plane.name)}});
  Tree selector = Tree::mapping(
      {{"matchLabels", Tree::mapping({{"istio-injection", Tree::string("enabled")}})}});
  world.create(
      Tree::mapping(
          {{"apiVersion", Tree::string("maistra.io/v1")},
           {"kind", Tree::string("ServiceMeshMemberRoll")},
           {"metadata", Tree::mapping({{"name", Tree::string("default")},
                                       {"namespace", Tree::string(plane.ns)},
                                       {"ownerReferences", Tree::sequence({std::move(owner)})}})},
           {"spec", Tree::mapping({{"memberSelectors", Tree::sequence({std::move(selector)})}})}}),
      {"a cluster-wide control plane selects its members by label"});
}

void announce(World& world, const Object& object, const ControlPlane& plane) {
  world.assume(kUnpredicted);
  warn_of_control_plane(world, object, plane);
}

/// The members are looked at again after each write to the control plane's status, long before it
/// is complete.
void wake_members(World& world, const Object& object) {
  for (Request& request : requests_after_write(world, &object, &object)) {
    world.queue().add(std::move(request));
  }
}

/// What comes before the charts, and then one chart group after the other.
constexpr std::size_t kRender = 0;
constexpr std::size_t kPrepare = 1;
constexpr std::size_t kFirstGroup = 2;

void install_group(World& world, const ControlPlane& plane, ChartGroup group,
                   const std::string& generation) {
  for (const Tree& wanted : chart_objects(plane, world.platform().chart_ports, group, generation)) {
    apply_chart_object(world, plane, wanted, generation);
  }
  for (const Tree& wanted : chart_routes(plane, group, generation)) {
    apply_chart_route(world, plane, wanted, generation);
  }
  if (group == ChartGroup::Gateways && plane.jaeger) make_jaeger_route(world, plane);
  if (group == ChartGroup::Kiali && plane.kiali) {
    world.create(kiali_object(plane, generation), {"the control plane's Kiali", "", 0, true});
  }
}

/// What stops the operator (SEMANTICS M3), with the condition that its status gives as the reason.
struct Obstacle {
  std::string reason;
  std::string message;
};

std::optional<Obstacle> obstacle_of_spec(const ControlPlane& plane) {
  const bool named_elsewhere = plane.own_kiali_name && plane.version->number >= 204;
  if (plane.version->number < 200 || !plane.kiali || plane.prometheus || named_elsewhere)
    return std::nullopt;
  std::string message =
      "Spec is invalid: error: .spec.addons.prometheus.enabled must be true when "
      ".spec.addons.kiali.enabled is true";
  if (plane.version->number >= 204) message += " and spec.addons.kiali.name is not specified";
  return Obstacle{"ValidationError", std::move(message)};
}

std::optional<Obstacle> obstacle_of_gateways(const World& world, const Object& object) {
  std::vector<std::string> errors;
  for (const std::string& gateway : gateways_outside(world, object)) {
    errors.push_back("namespace of manifest " + gateway + " not in mesh");
  }
  const auto error = aggregate(errors);
  if (!error) return std::nullopt;
  return Obstacle{"ReconcileError", "Error validating generated manifests: error: " + *error};
}

/// Render checks the addons once; the namespaces of all manifests are checked before each group,
/// because the roll may have changed.
std::optional<Obstacle> find_obstacle(const World& world, const Object& object,
                                      const ControlPlane& plane, std::size_t progress) {
  if (progress == kRender) return obstacle_of_spec(plane);
  if (progress < kFirstGroup || !world.version().checks_gateway_projects) return std::nullopt;
  return obstacle_of_gateways(world, object);
}

/// Some generation of it has been brought to the cluster.
bool was_installed(const Object& control_plane) {
  return control_plane.tree->integer_at({"status", "observedGeneration"}).value_or(0) != 0;
}

/// The operator always gives a message: a dump without one has lost it, and nothing is new.
bool tells_without_message(const Tree* condition, std::string_view reason) {
  return condition != nullptr && condition->string_at({"status"}) == "False" &&
         condition->string_at({"reason"}) == reason && condition->string_at({"message"}).empty();
}

/// The operator tries again and again; until the obstacle is gone, the cluster stays as it is.
void stop_install(World& world, const Request& request, const Object& object,
                  const Obstacle& obstacle) {
  world.end_install(object.key);
  Tree status =
      object.tree->find("status") == nullptr ? Tree::mapping() : *object.tree->find("status");
  if (status.find("conditions") == nullptr) status.set("conditions", Tree::sequence());
  Tree& conditions = *status.find("conditions");
  if (!was_installed(object)) {
    set_condition(conditions, {"Installed", "False", "ResourceCreated",
                               "Installing mesh generation " + std::to_string(generation(object))});
  }
  for (const auto type : {"Reconciled", "Ready"}) {
    if (tells_without_message(find_condition(&conditions, type), obstacle.reason)) continue;
    set_condition(conditions, {type, "False", obstacle.reason, obstacle.message});
  }
  world.update_status(object, std::move(status), {"reports: " + obstacle.message, "", 0, true});
  world.queue().fail(request, obstacle.message);
}

void finish_install(World& world, const Object& object, const std::string& generation) {
  world.end_install(object.key);
  restamp_others(world, object, generation);
  prune(world, object, generation);
  drop_jaeger_routes(world, read_control_plane(object, world.version()));
  report_installed(world, *world.objects().find(object.key));
}

void install_next(World& world, const Request& request, const Object& object) {
  const ControlPlane plane = read_control_plane(object, world.version());
  const std::string generation = mesh_generation(world, object);
  const std::size_t progress = world.install_progress(object.key)++;
  if (progress == kRender) announce(world, object, plane);
  if (const auto obstacle = find_obstacle(world, object, plane, progress)) {
    stop_install(world, request, object, *obstacle);
    return;
  }
  if (progress == kRender) {
    make_automatic_roll(world, plane);
  } else if (progress == kPrepare) {
    label_own_project(world, object);
    if (world.version().member_kind) {
      world.create(mesh_users_binding(plane), {"who may use the mesh"});
    }
  } else {
    install_group(world, plane, static_cast<ChartGroup>(progress - kFirstGroup), generation);
  }
  if (progress + 1 < kFirstGroup + kChartGroups) {
    wake_members(world, object);
  } else {
    finish_install(world, object, generation);
  }
}

void unlabel_own_project(World& world, const Object& control_plane) {
  const ControlPlane plane = read_control_plane(control_plane, world.version());
  const auto project = world.find_namespace(plane.ns);
  if (!project || project->is_terminating() || world.version().keeps_own_labels) return;
  Tree bare = *project->tree;
  erase_label(bare, kMemberOfLabel);
  if (ignores_own_project(world, plane)) erase_label(bare, kIgnoreNamespaceLabel);
  world.update(std::move(bare), {"the project holds no control plane any more"});
}

void uninstall(World& world, const Object& object) {
  prune(world, object, "");
  unlabel_own_project(world, object);
  Tree freed = *world.objects().find(object.key)->tree;
  remove_finalizer(freed, kFinalizer);
  world.update(std::move(freed), {"drops its finalizer", "", 0, true});
  collect_garbage(world, object.key);
}

}  // namespace

std::string unread_profiles(const Object& control_plane) {
  constexpr std::array<std::string_view, 3> kComplete = {"default", "maistra", "servicemesh"};
  auto names = strings_at(*control_plane.tree, {"spec", "profiles"});
  // The old schema has one template instead.
  const auto old = control_plane.tree->string_at({"spec", "template"});
  if (names.empty() && !old.empty()) names.emplace_back(old);
  bool complete = names.empty();
  bool unread = false;
  std::string text;
  for (const auto& name : names) {
    const bool is_complete = std::ranges::find(kComplete, name) != kComplete.end();
    complete = complete || is_complete;
    unread = unread || (!is_complete && name != "small");
    text += (text.empty() ? "[" : ", ") + name;
  }
  return complete && !unread ? "" : text + ']';
}

std::string mesh_generation(const World& world, const Object& control_plane) {
  return world.platform().release + '-' + std::to_string(generation(control_plane));
}

void label_own_project(World& world, const Object& control_plane) {
  const ControlPlane plane = read_control_plane(control_plane, world.version());
  const auto project = world.find_namespace(plane.ns);
  if (!project) return;
  Tree labelled = *project->tree;
  set_label(labelled, kMemberOfLabel, plane.ns);
  if (ignores_own_project(world, plane)) set_label(labelled, kIgnoreNamespaceLabel, "ignore");
  world.update(std::move(labelled), {"the control plane belongs to its own mesh"});
}

bool is_held_up(const World& world, const Object& control_plane) {
  const Tree* condition =
      find_condition(control_plane.tree->find_path({"status", "conditions"}), "Reconciled");
  if (condition == nullptr || condition->string_at({"status"}) != "False") return false;
  const auto reason = condition->string_at({"reason"});
  if (reason != "ReconcileError" && reason != "ValidationError") return false;
  const auto observed = control_plane.tree->integer_at({"status", "observedGeneration"});
  if (observed == generation(control_plane)) return false;
  return obstacle_of_spec(read_control_plane(control_plane, world.version())) ||
         obstacle_of_gateways(world, control_plane);
}

namespace {

/// The gateways of the v1 schema besides the two standard ones, where they are switched on.
std::vector<std::string> unread_v1_gateways(const Object& control_plane) {
  const Tree* gateways = control_plane.tree->find_path({"spec", "istio", "gateways"});
  std::vector<std::string> names;
  if (gateways == nullptr) return names;
  for (const TreeField& gateway : gateways->fields) {
    const bool standard =
        gateway.key == "istio-ingressgateway" || gateway.key == "istio-egressgateway";
    if (!standard && gateway.value.boolean_at({"enabled"}).value_or(false)) {
      names.push_back(gateway.key);
    }
  }
  return names;
}

}  // namespace

void warn_of_control_plane(World& world, const Object& object, const ControlPlane& plane) {
  const auto warn = [&](std::string code, std::string message) {
    world.warn({object.place(),
                Severity::Warning,
                std::move(code),
                std::move(message),
                {},
                to_string(object.key)});
  };
  for (const AdditionalGateway& gateway : plane.additional_gateways) {
    if (gateway.enabled) continue;
    warn("unsupported-additional-gateway",
         "the additional gateway " + gateway.name +
             " does not say whether it is enabled: taken as off; what it owns is taken to stay");
  }
  for (const std::string& gateway : unread_v1_gateways(object)) {
    warn("unsupported-additional-gateway",
         "what the charts make for the gateway " + gateway + " of spec.istio is not predicted");
  }
  if (const auto profiles = unread_profiles(object); !profiles.empty()) {
    warn("unsupported-profile",
         "spec.profiles is " + profiles +
             ": what these profiles set is not known; addons and gateways that the spec leaves "
             "open are taken as profile default has them");
  }
  if (object.tree->find_path({"spec", "gateways", "ingress", "service", "metadata", "labels"}) !=
      nullptr) {
    warn("unsupported-gateway-labels",
         "the labels of spec.gateways.ingress.service are not followed: NetworkPolicy "
         "istio-ingressgateway is predicted with the default ones");
  }
}

void report_installed(World& world, const Object& control_plane) {
  const ControlPlane plane = read_control_plane(control_plane, world.version());
  const Tree* previous = control_plane.tree->find("status");
  Tree status = previous == nullptr ? Tree::mapping() : *previous;
  const Tree* installed = find_condition(status.find("conditions"), "Installed");
  const bool looked_at = installed != nullptr;
  const bool first = !looked_at || installed->string_at({"status"}) != "True";
  status.set("chartVersion", Tree::string(std::string{plane.version->maistra_version}));
  status.set("observedGeneration", Tree::number(generation(control_plane)));
  status.set("operatorVersion", Tree::string(world.platform().release));
  if (!looked_at) status.set("conditions", Tree::sequence());
  Tree& conditions = *status.find("conditions");
  if (first) set_condition(conditions, {"Installed", "True", "InstallSuccessful", ""});
  set_condition(conditions,
                {"Reconciled", "True", first ? "InstallSuccessful" : "UpdateSuccessful", ""});
  set_condition(conditions, {"Ready", "True", "ComponentsReady", ""});
  world.update_status(control_plane, std::move(status),
                      {"reports that the control plane is installed", "", 0, true});
}

namespace {

/// A new operator brings every control plane to its own version when it looks at it (SEMANTICS M8).
bool is_of_this_operator(const World& world, const Object& control_plane) {
  const auto shown = control_plane.tree->string_at({"status", "operatorVersion"});
  return find_operator_version(shown) == nullptr || shown == world.platform().release;
}

}  // namespace

void reconcile_control_plane(World& world, const Request& request) {
  const Object* found = world.find("ServiceMeshControlPlane", request.ns, request.name);
  if (found == nullptr) return;
  const Object object = *found;
  if (object.is_terminating()) {
    uninstall(world, object);
    return;
  }
  if (is_reconciled(object) && is_of_this_operator(world, object)) return;
  if (!has_finalizer(object, kFinalizer)) {
    hold(world, *object.tree);
    return;
  }
  // Of two in one project, which admission prevents, the operator serves only the older.
  if (world.objects().of_kind("ServiceMeshControlPlane", request.ns).size() > 1) return;
  // Rendering takes the operator longer than a join, and each group waits for its workloads: what
  // the others have to do is done by then (operator-recorded.md, case 72).
  if (world.queue().others_wait(Controller::ControlPlane)) {
    world.queue().add(request);
    return;
  }
  install_next(world, request, object);
}

}  // namespace meshproof
