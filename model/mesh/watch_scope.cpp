#include "model/mesh/watch_scope.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "model/mesh/control_plane.h"
#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

WatchScope scope_of(const ObjectStore& objects, const Object& object) {
  // Which control planes are cluster-wide hangs on their own version alone.
  const ControlPlane plane = read_control_plane(object, operator_versions().back());
  WatchScope scope;
  scope.mesh = plane.ns;
  scope.control_plane = plane.name;
  scope.everything = plane.cluster_wide;
  scope.selected = plane.cluster_wide &&
                   object.tree->find_path({"spec", "meshConfig", "discoverySelectors"}) != nullptr;
  if (scope.everything) return scope;
  std::set<std::string> namespaces{plane.ns};
  const Object* roll = objects.find("ServiceMeshMemberRoll", plane.ns, "default");
  if (roll != nullptr) {
    for (auto& ns : strings_at(*roll->tree, {"status", "configuredMembers"})) {
      namespaces.insert(std::move(ns));
    }
  }
  scope.namespaces.assign(namespaces.begin(), namespaces.end());
  return scope;
}

std::vector<std::string> only_in(const std::vector<std::string>& a,
                                 const std::vector<std::string>& b) {
  std::vector<std::string> names;
  std::ranges::set_difference(a, b, std::back_inserter(names));
  return names;
}

/// Whether members are only listed once they have seen the newest generation of the control plane,
/// and there is a new one.
bool hides_stale_members(const ScopeChange& change, const ObjectStore& before,
                         const ObjectStore& after, const OperatorVersion& version) {
  if (version.roll_configures_members || version.counts_stale_members) return false;
  constexpr std::string_view kKind = "ServiceMeshControlPlane";
  const Object* was = before.find(kKind, change.after.mesh, change.after.control_plane);
  const Object* is = after.find(kKind, change.after.mesh, change.after.control_plane);
  return was != nullptr && is != nullptr && generation(*was) != generation(*is);
}

/// The control plane's own project is always watched.
std::vector<std::string> members_in_both(const ScopeChange& change) {
  std::vector<std::string> names;
  std::ranges::set_intersection(change.before.namespaces, change.after.namespaces,
                                std::back_inserter(names));
  std::erase(names, change.after.mesh);
  return names;
}

}  // namespace

std::vector<WatchScope> watch_scopes(const ObjectStore& objects) {
  std::vector<WatchScope> scopes;
  for (const Object* plane : objects.of_kind("ServiceMeshControlPlane")) {
    scopes.push_back(scope_of(objects, *plane));
  }
  return scopes;
}

std::vector<ScopeChange> scope_changes(const ObjectStore& before, const ObjectStore& after,
                                       const OperatorVersion& version) {
  std::map<std::pair<std::string, std::string>, ScopeChange> changes;
  const auto change_of = [&](const WatchScope& scope) -> ScopeChange& {
    ScopeChange& change = changes[{scope.mesh, scope.control_plane}];
    for (WatchScope* side : {&change.before, &change.after}) {
      side->mesh = scope.mesh;
      side->control_plane = scope.control_plane;
    }
    return change;
  };
  for (const WatchScope& scope : watch_scopes(before)) change_of(scope).before = scope;
  for (const WatchScope& scope : watch_scopes(after)) change_of(scope).after = scope;
  std::vector<ScopeChange> found;
  for (auto& [key, change] : changes) {
    if (!change.before.everything && !change.after.everything) {
      change.gained = only_in(change.after.namespaces, change.before.namespaces);
      change.lost = only_in(change.before.namespaces, change.after.namespaces);
      if (hides_stale_members(change, before, after, version)) {
        change.interrupted = members_in_both(change);
      }
    }
    found.push_back(std::move(change));
  }
  return found;
}

}  // namespace meshproof
