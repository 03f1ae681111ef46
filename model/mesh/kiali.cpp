#include "model/mesh/kiali.h"

#include <algorithm>
#include <utility>

#include "model/mesh/metadata.h"
#include "model/mesh/roll_status.h"

namespace meshproof {
namespace {

std::set<std::string> texts(const Tree* sequence) {
  std::set<std::string> found;
  if (sequence == nullptr) return found;
  for (const Tree& item : sequence->items) found.insert(item.text);
  return found;
}

std::set<std::string> excluded_patterns(const World& world) {
  std::set<std::string> patterns = {"^" + world.platform().operator_namespace + "$", "^kube$",
                                    "^kube-.*", "^openshift$", "^openshift-.*"};
  if (world.version().member_selectors) patterns.insert("^ibm-.*");
  return patterns;
}

}  // namespace

KialiScope kiali_scope(const World& world, const std::set<std::string>& accessible,
                       bool cluster_wide) {
  if (cluster_wide) return {{"**"}, excluded_patterns(world)};
  return {accessible, {}};
}

bool shows(const World& world, const Object& kiali, const KialiScope& scope) {
  const Tree* shown = kiali.tree->find_path({"spec", "deployment", "accessible_namespaces"});
  if (shown == nullptr || texts(shown) != scope.shown) return false;
  const Tree* hidden = kiali.tree->find_path({"spec", "api", "namespaces", "exclude"});
  return !world.version().excludes_in_kiali || (hidden != nullptr && texts(hidden) == scope.hidden);
}

bool shows_everything(const World& world, const Object& roll, const ControlPlane& plane) {
  if (!plane.cluster_wide || !world.version().excludes_in_kiali) return false;
  const auto members = strings_at(*roll.tree, {"spec", "members"});
  return world.version().member_selectors || std::ranges::find(members, "*") != members.end();
}

void show_in_kiali(World& world, const std::string& mesh, const std::string& kiali,
                   const std::set<std::string>& accessible, bool cluster_wide) {
  const Object* found = world.find("Kiali", mesh, kiali);
  if (found == nullptr) return;
  const KialiScope scope = kiali_scope(world, accessible, cluster_wide);
  if (shows(world, *found, scope)) return;
  Tree tree = *found->tree;
  Tree& spec = tree.mapping_at("spec");
  spec.mapping_at("deployment").set("accessible_namespaces", as_sequence(scope.shown));
  if (world.version().excludes_in_kiali) {
    spec.mapping_at("api").mapping_at("namespaces").set("exclude", as_sequence(scope.hidden));
  }
  world.update(std::move(tree), {"Kiali shows the mesh's projects", "", 0, true});
}

bool has_applied(const Object& control_plane, std::string_view addon, bool wanted_by_spec) {
  const auto applied =
      control_plane.tree->boolean_at({"status", "appliedSpec", "addons", addon, "enabled"});
  if (applied) return *applied;
  const auto observed = control_plane.tree->integer_at({"status", "observedGeneration"});
  return wanted_by_spec && observed.value_or(0) != 0;
}

}  // namespace meshproof
