#include "model/mesh/found_operator.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "model/coverage.h"
#include "model/mesh/mesh.h"
#include "model/mesh/mesh_comparison.h"
#include "model/mesh/network_kind.h"

namespace meshproof {
namespace {

/// A release, and the object that shows it.
struct ShownRelease {
  std::string release;
  std::string source;
};

/// A control plane that the operator has not brought up to date shows an older one, so of several
/// the newest counts.
void keep_newer(std::optional<ShownRelease>& shown, std::string_view release, std::string source) {
  const OperatorVersion* version = nearest_operator_version(release);
  if (version == nullptr) return;
  if (shown) {
    const OperatorVersion* known = nearest_operator_version(shown->release);
    const bool newer =
        version->name > known->name || (version == known && release > shown->release);
    if (!newer) return;
  }
  shown = ShownRelease{std::string{release}, std::move(source)};
}

std::optional<ShownRelease> shown_by_status(const ObjectStore& objects) {
  std::optional<ShownRelease> shown;
  for (const Object* plane : objects.of_kind("ServiceMeshControlPlane")) {
    keep_newer(shown, plane->tree->string_at({"status", "operatorVersion"}),
               "status of " + to_string(plane->key));
  }
  return shown;
}

std::optional<ShownRelease> shown_by_plugin(const ObjectStore& objects) {
  std::optional<ShownRelease> shown;
  for (const std::string_view name : {"istio-cni", "ossm-cni"}) {
    const Object* binding = objects.find("ClusterRoleBinding", "", name);
    if (binding == nullptr) continue;
    keep_newer(shown, binding->label("maistra-version"), "label of " + to_string(binding->key));
  }
  return shown;
}

/// The mesh generation `2.5.1-3` on what the charts made begins with the release.
std::optional<ShownRelease> shown_by_charts(const ObjectStore& objects) {
  std::optional<ShownRelease> shown;
  for (const Object* policy : objects.of_kind("NetworkPolicy")) {
    if (!policy->has_label(kOwnerLabel) || policy->has_label(kMemberOfLabel)) continue;
    const auto generation = policy->label(kAppVersionLabel);
    keep_newer(shown, generation.substr(0, generation.find('-')),
               "generation label of " + to_string(policy->key));
  }
  return shown;
}

std::optional<ShownRelease> shown_release(const ObjectStore& objects) {
  if (auto shown = shown_by_status(objects)) return shown;
  if (auto shown = shown_by_plugin(objects)) return shown;
  return shown_by_charts(objects);
}

bool has_patch(std::string_view release) {
  const auto first = release.find('.');
  return first != std::string_view::npos && release.find('.', first + 1) != std::string_view::npos;
}

/// Nothing shows a version: the members do, by what was written into them.
FoundOperator fitting_operator(const ObjectStore& objects) {
  const OperatorVersion* best = &operator_versions().back();
  std::size_t most = 0;
  for (const OperatorVersion& version : operator_versions()) {
    const World world{objects, version, find_platform(objects, {})};
    const std::size_t fitting = check_members(world, Coverage{}).as_predicted();
    if (fitting == 0 || fitting < most) continue;
    most = fitting;
    best = &version;
  }
  FoundOperator found{best, std::string{best->release}, "", ""};
  found.source = most == 0 ? "assumed" : "its members";
  found.assumption = "nothing in the input shows the operator's version: taken as " +
                     std::string{best->name} +
                     (most == 0 ? ", the newest known"
                                : ", the newest whose members look like those of the input");
  return found;
}

Diagnostics unknown_version(const std::string& text) {
  return {
      {{},
       Severity::Error,
       "unknown-operator-version",
       "the operator version \"" + text + "\" is not known; known are " + known_operator_versions(),
       {},
       "--operator-version"}};
}

}  // namespace

Result<FoundOperator> find_operator(const ObjectStore& objects, const std::string& given) {
  const auto shown = shown_release(objects);
  if (given.empty() && !shown) return fitting_operator(objects);
  const auto [text, source] =
      given.empty() ? shown.value_or(ShownRelease{}) : ShownRelease{given, "given"};
  FoundOperator found;
  found.source = source;
  found.version = nearest_operator_version(text);
  if (found.version != nullptr && find_operator_version(text) == nullptr) {
    found.assumption = "operator " + text + " is taken to behave like operator " +
                       std::string{found.version->name};
  }
  if (found.version == nullptr) return tl::unexpected(unknown_version(text));
  if (!found.version->recorded && found.assumption.empty()) {
    found.assumption = "operator " + std::string{found.version->name} +
                       " was not recorded when it ran: what is predicted for it is read off its "
                       "sources";
  }
  found.release = has_patch(text) ? text : std::string{found.version->release};
  const bool same = shown && find_operator_version(shown->release) == found.version;
  if (same && has_patch(shown->release) && !has_patch(given)) found.release = shown->release;
  return found;
}

World operator_view(const ObjectStore& objects, const FoundOperator& found,
                    const PredictOptions& options) {
  Platform platform = find_platform(objects, options);
  platform.release = found.release;
  World world{objects, *found.version, std::move(platform)};
  world.set_recording(false);
  infer_network_kind(world);
  return world;
}

}  // namespace meshproof
