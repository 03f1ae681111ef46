#include "model/mesh/control_plane_admission.h"

#include <string>
#include <string_view>
#include <utility>

#include "model/mesh/control_plane.h"
#include "model/mesh/control_plane_version.h"
#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

using Refused = std::optional<Rejection>;

Refused refused(std::string message) { return Rejection{400, std::move(message)}; }

void default_control_plane(const World& world, const Object* existing, Tree& plane) {
  Tree& spec = plane.mapping_at("spec");
  if (spec.string_at({"version"}).empty()) {
    const auto before = existing == nullptr ? world.version().newest_control_plane
                                            : existing->tree->string_at({"spec", "version"});
    spec.set("version", Tree::string(std::string{before}));
  }
  const ControlPlaneVersion* version = find_control_plane_version(spec.string_at({"version"}));
  const bool new_routes = existing == nullptr && version != nullptr && version->minor >= 5 &&
                          world.version().newest_control_plane == "v2.5";
  if (new_routes && spec.find_path({"gateways", "openshiftRoute", "enabled"}) == nullptr) {
    spec.mapping_at("gateways").mapping_at("openshiftRoute").set("enabled", Tree::boolean(false));
  }
  if (strings_at(spec, {"profiles"}).empty()) spec.set("profiles", Tree::strings({"default"}));
}

std::string supported_versions(const World& world) {
  std::string names;
  for (const ControlPlaneVersion& version : control_plane_versions()) {
    if (version.name < world.version().oldest_control_plane) continue;
    if (version.name > world.version().newest_control_plane) continue;
    if (!names.empty()) names += ' ';
    names += version.name;
  }
  return '[' + names + ']';
}

/// A version that the operator has never heard of. A v2.6 control plane is let through by the
/// newest operator: the product has it, this page of history does not.
bool is_unheard(const World& world, std::string_view version) {
  if (version == "v1.0" || version == "v1.1") return false;
  const bool newest = world.version().name == operator_versions().back().name;
  return find_control_plane_version(version) == nullptr ||
         (!newest && version > world.version().newest_control_plane);
}

Refused check_version(const World& world, const std::string& version) {
  if (is_unheard(world, version)) {
    return refused("invalid Version specified; supported versions are: " +
                   supported_versions(world));
  }
  if (version >= world.version().oldest_control_plane) return std::nullopt;
  return refused("Only '" + supported_versions(world) + "' versions are supported");
}

/// The mode fields belong to versions: what operator 2.4 and later say of the wrong ones.
Refused check_mode_fields(const World& world, const Tree& plane, int minor) {
  if (!world.version().member_selectors) return std::nullopt;
  const auto mode = plane.string_at({"spec", "mode"});
  const bool preview = plane.find_path({"spec", "techPreview", "controlPlaneMode"}) != nullptr;
  const std::string preview_field = "spec.techPreview.controlPlaneMode";
  if (minor < 3) {
    if (!mode.empty()) {
      return refused("the spec.mode field is only supported in version 2.4 and above");
    }
    if (preview) return refused("the " + preview_field + " field is only supported in version 2.3");
    return std::nullopt;
  }
  if (minor == 3) {
    if (mode.empty()) return std::nullopt;
    return refused("the spec.mode field is not supported in version 2.3; use " + preview_field);
  }
  if (!mode.empty() && mode != "ClusterWide" && mode != "MultiTenant") {
    return refused("spec.mode must be either MultiTenant or ClusterWide");
  }
  if (mode.empty() && preview) {
    return refused("the " + preview_field +
                   " field is not supported in version 2.4+; use spec.mode");
  }
  return std::nullopt;
}

Refused check_discovery(const World& world, const Tree& plane, int minor) {
  if (!world.version().member_selectors) return std::nullopt;
  if (plane.find_path({"spec", "meshConfig", "discoverySelectors"}) == nullptr) return std::nullopt;
  if (minor < 4) {
    return refused(
        "the spec.meshConfig.discoverySelectors field is only supported in version 2.4 and above");
  }
  if (plane.string_at({"spec", "mode"}) == "ClusterWide") return std::nullopt;
  return refused(
      "spec.meshConfig.discoverySelectors may only be used when spec.mode is "
      "ClusterWide");
}

bool was_cluster_wide(const Object& existing, const ControlPlaneVersion& version) {
  const Tree* spec = existing.tree->find("spec");
  return spec != nullptr && is_cluster_wide(*spec, version);
}

Refused check_cluster_wide(const World& world, const ObjectKey& key, const ControlPlane& plane) {
  for (const Object* other : world.objects().of_kind("ServiceMeshControlPlane")) {
    if (other->key == key) continue;
    if (plane.cluster_wide) {
      return refused("a cluster-scoped SMCP may only be created when no other SMCPs exist");
    }
    if (was_cluster_wide(*other, *plane.version)) {
      return refused("no other SMCPs may be created when a cluster-scoped SMCP exists");
    }
  }
  return std::nullopt;
}

Refused check_mode_change(const World& world, const Object* existing, const ControlPlane& plane) {
  const int minor = plane.version->minor;
  if (existing == nullptr || minor < 3 || minor > 4) return std::nullopt;
  if (was_cluster_wide(*existing, *plane.version) == plane.cluster_wide) return std::nullopt;
  const std::string recreate =
      "to change its value, delete the ServiceMeshControlPlane and recreate it";
  if (minor == 3) {
    return refused("field spec.techPreview.controlPlaneMode is immutable; " + recreate);
  }
  if (world.version().newest_control_plane == "v2.4") {
    return refused("field spec.mode is immutable; " + recreate);
  }
  return refused(
      "field spec.mode is immutable in v2.4; to change its value, upgrade the "
      "ServiceMeshControlPlane to v2.5");
}

}  // namespace

std::optional<Rejection> admit_control_plane(const World& world, const Object* existing,
                                             Tree& tree) {
  const ObjectKey key = key_of(tree);
  default_control_plane(world, existing, tree);
  if (key.ns == world.platform().operator_namespace) {
    return refused(
        "service mesh may not be installed in the same project/namespace as the operator");
  }
  for (const Object* other : world.objects().of_kind("ServiceMeshControlPlane", key.ns)) {
    if (other->key.name != key.name) {
      return refused("only one service mesh may be installed per project/namespace");
    }
  }
  const Object wanted = make_object(tree);
  const ControlPlane plane = read_control_plane(wanted, world.version());
  if (auto refusal = check_version(world, plane.version_text)) return refusal;
  if (auto refusal = check_mode_fields(world, tree, plane.version->minor)) return refusal;
  if (auto refusal = check_discovery(world, tree, plane.version->minor)) return refusal;
  if (auto refusal = check_cluster_wide(world, key, plane)) return refusal;
  return check_mode_change(world, existing, plane);
}

}  // namespace meshproof
