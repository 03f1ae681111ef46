#include <algorithm>
#include <string>
#include <utility>

#include "model/mesh/kiali.h"
#include "model/mesh/member_selection.h"
#include "model/mesh/mesh.h"
#include "model/mesh/mesh_comparison.h"
#include "model/mesh/metadata.h"
#include "model/mesh/roll.h"
#include "model/mesh/roll_status.h"

namespace meshproof {
namespace {

void find_missing_members(MeshComparison& comparison, const Object& roll,
                          const Object& control_plane) {
  const World& world = comparison.world;
  if (!comparison.covers("ServiceMeshMember", "")) return;
  for (const std::string& ns : required_namespaces(world, roll)) {
    const auto project = world.find_namespace(ns);
    const Object* member = world.find("ServiceMeshMember", ns, "default");
    if (!project || project->is_terminating()) continue;
    if (member == nullptr) {
      comparison.missing(about(roll.key.ns, {"maistra.io", "ServiceMeshMember", ns, "default"},
                               Severity::Error, "the roll selects the project", "", roll.place()),
                         new_member(ns, control_plane.key));
      continue;
    }
    const auto mesh = member->tree->string_at({"spec", "controlPlaneRef", "namespace"});
    const auto name = member->tree->string_at({"spec", "controlPlaneRef", "name"});
    if (mesh == control_plane.key.ns && name == control_plane.key.name) continue;
    comparison.foreign(about(roll.key.ns, member->key, Severity::Error,
                             "the roll selects the project, and this refers to " +
                                 std::string{mesh} + '/' + std::string{name},
                             "take the project off one of the meshes"),
                       *member);
  }
}

void compare_lists(MeshComparison& comparison, const Object& object, Departure departure,
                   std::string_view field, const std::set<std::string>& expected,
                   const std::vector<std::string>& actual) {
  const std::set<std::string> found(actual.begin(), actual.end());
  if (found == expected) return;
  departure.place = object.place();
  comparison.differing(std::move(departure),
                       Tree::mapping({{std::string{field}, as_sequence(expected)}}),
                       Tree::mapping({{std::string{field}, as_sequence(found)}}));
}

/// Whom Kiali shows: from 2.1 on all known members, before that the configured ones, or the control
/// plane's own project if there is none (operator.md 1.6).
std::set<std::string> shown_members(const World& world, const Object& roll) {
  if (!world.version().roll_configures_members) return known_members(world, roll);
  const auto configured = strings_at(*roll.tree, {"status", "configuredMembers"});
  if (configured.empty()) return {roll.key.ns};
  return {configured.begin(), configured.end()};
}

void compare_kiali(MeshComparison& comparison, const Object& roll, const Object& control_plane,
                   const ControlPlane& plane) {
  const World& world = comparison.world;
  const Object* kiali = world.find("Kiali", plane.ns, plane.kiali_name);
  if (kiali == nullptr || !has_applied(control_plane, "kiali", plane.kiali)) return;
  const KialiScope scope =
      kiali_scope(world, shown_members(world, roll), shows_everything(world, roll, plane));
  if (shows(world, *kiali, scope)) return;
  compare_lists(comparison, *kiali,
                about(roll.key.ns, kiali->key, Severity::Warning, "Kiali shows other projects", ""),
                "spec.deployment.accessible_namespaces", scope.shown,
                strings_at(*kiali->tree, {"spec", "deployment", "accessible_namespaces"}));
}

/// Istiod watches what the status lists, so a stale one hides services (operator.md 1.5).
void compare_status(MeshComparison& comparison, const Object& roll) {
  std::set<std::string> configured;
  for (const Membership& membership : memberships(comparison.world)) {
    if (membership.plane.ns == roll.key.ns && membership.configured) {
      configured.insert(membership.ns);
    }
  }
  compare_lists(
      comparison, roll,
      about(roll.key.ns, roll.key, Severity::Error,
            "istiod watches the projects of this list, which is not that of the members", ""),
      "status.configuredMembers", configured,
      strings_at(*roll.tree, {"status", "configuredMembers"}));
}

}  // namespace

void compare_roll(MeshComparison& comparison, const Object& control_plane) {
  const World& world = comparison.world;
  const Object* roll = world.find("ServiceMeshMemberRoll", control_plane.key.ns, "default");
  if (roll == nullptr || roll->is_terminating()) return;
  const ControlPlane plane = read_control_plane(control_plane, world.version());
  compare_kiali(comparison, *roll, control_plane, plane);
  if (world.version().roll_configures_members) return;
  find_missing_members(comparison, *roll, control_plane);
  if (comparison.covers("ServiceMeshMember", "")) compare_status(comparison, *roll);
}

}  // namespace meshproof
