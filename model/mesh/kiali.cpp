#include "model/mesh/kiali.h"

#include <utility>

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

void show_in_kiali(World& world, const std::string& mesh, const std::string& kiali,
                   const std::set<std::string>& accessible, bool cluster_wide) {
  const Object* found = world.find("Kiali", mesh, kiali);
  if (found == nullptr) return;
  const std::set<std::string> shown = cluster_wide ? std::set<std::string>{"**"} : accessible;
  const std::set<std::string> hidden =
      cluster_wide ? excluded_patterns(world) : std::set<std::string>{};
  const Tree* now_shown = found->tree->find_path({"spec", "deployment", "accessible_namespaces"});
  const Tree* now_hidden = found->tree->find_path({"spec", "api", "namespaces", "exclude"});
  const bool excludes = world.version().excludes_in_kiali;
  const bool same_hidden = !excludes || (now_hidden != nullptr && texts(now_hidden) == hidden);
  if (now_shown != nullptr && texts(now_shown) == shown && same_hidden) return;
  Tree tree = *found->tree;
  Tree& spec = tree.mapping_at("spec");
  spec.mapping_at("deployment").set("accessible_namespaces", as_sequence(shown));
  if (excludes) spec.mapping_at("api").mapping_at("namespaces").set("exclude", as_sequence(hidden));
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
