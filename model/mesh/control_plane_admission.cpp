#include "model/mesh/control_plane_admission.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/mesh/control_plane.h"
#include "model/mesh/control_plane_version.h"
#include "model/mesh/metadata.h"
#include "model/mesh/network_join.h"

namespace meshproof {
namespace {

using Errors = std::vector<std::string>;
using Refused = std::optional<Rejection>;

Refused refused(std::string message) { return Rejection{400, std::move(message)}; }

bool is_of_v1(const Tree& plane) { return plane.string_at({"apiVersion"}) == "maistra.io/v1"; }

bool has_value(const Tree& object, std::initializer_list<std::string_view> path) {
  const Tree* value = object.find_path(path);
  return value != nullptr && !value->is_null();
}

void default_control_plane(const World& world, const Object* existing, Tree& plane) {
  Tree& spec = plane.mapping_at("spec");
  if (spec.string_at({"version"}).empty()) {
    const auto newest = is_of_v1(plane) ? "v1.1" : world.version().newest_control_plane;
    const auto before =
        existing == nullptr ? newest : existing->tree->string_at({"spec", "version"});
    spec.set("version", Tree::string(std::string{before}));
  }
  if (existing == nullptr) switch_routes_off(world.version(), plane);
  if (is_of_v1(plane)) {
    if (spec.string_at({"template"}).empty()) spec.set("template", Tree::string("default"));
  } else if (strings_at(spec, {"profiles"}).empty()) {
    spec.set("profiles", Tree::strings({"default"}));
  }
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

/// The CRD's own rule, which the API server checks before it asks the webhooks.
Refused check_schema(const World& world, const Tree& plane) {
  if (!world.version().member_selectors || is_of_v1(plane)) return std::nullopt;
  const Tree* mode = plane.find_path({"spec", "mode"});
  if (mode == nullptr || mode->is_null()) return std::nullopt;
  if (mode->text == "ClusterWide" || mode->text == "MultiTenant") return std::nullopt;
  return Rejection{422, "ServiceMeshControlPlane.maistra.io \"" +
                            std::string{plane.string_at({"metadata", "name"})} +
                            "\" is invalid: spec.mode: Unsupported value: \"" + mode->text +
                            "\": supported values: \"MultiTenant\", \"ClusterWide\""};
}

/// An object that the input shows in the old schema was not written in it by this change.
Refused check_old_schema(const Object* existing, const Tree& plane, std::string_view version) {
  const bool shown = existing != nullptr && is_of_v1(*existing->tree);
  if (shown || !is_of_v1(plane) || version.starts_with("v1")) return std::nullopt;
  return refused("must use v2 ServiceMeshControlPlane resource for v2.0+ installations");
}

/// The mode fields belong to versions: what operator 2.4 and later say of the wrong ones.
void check_mode_fields(const Tree& plane, int number, Errors& errors) {
  const bool mode = !plane.string_at({"spec", "mode"}).empty();
  const Tree* preview = plane.find_path({"spec", "techPreview", "controlPlaneMode"});
  const std::string preview_field = "spec.techPreview.controlPlaneMode";
  if (number < 203) {
    if (mode) {
      errors.emplace_back("the spec.mode field is only supported in version 2.4 and above");
    } else if (preview != nullptr) {
      errors.push_back("the " + preview_field + " field is only supported in version 2.3");
    }
  } else if (number == 203) {
    if (mode) {
      errors.push_back("the spec.mode field is not supported in version 2.3; use " + preview_field);
    } else if (preview != nullptr && preview->text != "ClusterScoped" &&
               preview->text != "MultiTenant") {
      errors.push_back(preview_field + " must be either MultiTenant or ClusterScoped");
    }
  } else if (!mode && preview != nullptr) {
    errors.push_back("the " + preview_field +
                     " field is not supported in version 2.4+; use spec.mode");
  }
}

void check_mesh_config(const Tree& plane, int number, Errors& errors) {
  const bool selects = has_value(plane, {"spec", "meshConfig", "discoverySelectors"});
  if (number >= 204) {
    if (!selects || plane.string_at({"spec", "mode"}) == "ClusterWide") return;
    errors.emplace_back(
        "spec.meshConfig.discoverySelectors may only be used when spec.mode is ClusterWide");
    return;
  }
  if (!has_value(plane, {"spec", "meshConfig"})) return;
  Errors found{"the spec.meshConfig field is only supported in version 2.4 and above"};
  if (selects) {
    found.insert(
        number == 203 ? found.end() : found.begin(),
        "the spec.meshConfig.discoverySelectors field is only supported in version 2.4 and above");
  }
  std::ranges::move(found, std::back_inserter(errors));
}

bool was_cluster_wide(const Object& existing, const ControlPlaneVersion& version) {
  const Tree* spec = existing.tree->find("spec");
  return spec != nullptr && is_cluster_wide(*spec, version);
}

void check_cluster_wide(const World& world, const ObjectKey& key, const ControlPlane& plane,
                        Errors& errors) {
  for (const Object* other : world.objects().of_kind("ServiceMeshControlPlane")) {
    if (other->key == key) continue;
    if (plane.cluster_wide) {
      errors.emplace_back("a cluster-scoped SMCP may only be created when no other SMCPs exist");
      return;
    }
    if (was_cluster_wide(*other, *plane.version)) {
      errors.emplace_back("no other SMCPs may be created when a cluster-scoped SMCP exists");
      return;
    }
  }
}

std::set<std::string> mesh_namespaces(const World& world, const std::string& mesh) {
  std::set<std::string> inside{mesh};
  if (const Object* roll = world.find("ServiceMeshMemberRoll", mesh, "default")) {
    for (auto& ns : strings_at(*roll->tree, {"status", "configuredMembers"})) inside.insert(ns);
  }
  return inside;
}

/// The names of additional gateways. The operator tells its errors in random order.
void check_gateways(const std::string& mesh, const Tree& plane, Errors& errors) {
  std::set<std::string> seen;
  for (const auto field : {"additionalIngress", "additionalEgress"}) {
    const Tree* gateways = plane.find_path({"spec", "gateways", field});
    if (gateways == nullptr) continue;
    for (const TreeField& gateway : gateways->fields) {
      const auto ns = gateway.value.string_at({"namespace"});
      const std::string name = (ns.empty() ? mesh : std::string{ns}) + '/' + gateway.key;
      if (!seen.insert(name).second) {
        errors.push_back("multiple gateways defined for \"" + name + '"');
      }
      if (gateway.key == "istio-ingressgateway" || gateway.key == "istio-egressgateway") {
        errors.push_back("cannot define additional gateway named \"" + gateway.key + '"');
      }
    }
  }
}

std::string removed_option(const std::string& part) {
  return "support for " + part + ".type \"Mixer\" and " + part +
         ".Mixer options have been removed in v2.1, please use another alternative";
}

/// What went with v2.1.
void check_removed(const Tree& plane, Errors& errors) {
  for (const std::string part : {"policy", "telemetry"}) {
    if (plane.string_at({"spec", part, "type"}) != "Mixer" &&
        !has_value(plane, {"spec", part, "mixer"})) {
      continue;
    }
    errors.push_back(removed_option(part));
  }
  if (has_value(plane, {"spec", "addons", "3scale"})) {
    errors.emplace_back(
        "support for 3scale has been removed in v2.1; please remove the spec.addons.3scale section "
        "from the SMCP and configure the 3scale WebAssembly adapter using a ServiceMeshExtension "
        "resource");
  }
}

/// Everything that is wrong with a spec is told at once.
Refused check_spec(const World& world, const ObjectKey& key, const Tree& tree,
                   const ControlPlane& plane) {
  const int number = plane.version->number;
  Errors errors;
  if (world.version().member_selectors) {
    check_mode_fields(tree, number, errors);
    // From v2.4 on a mistake in the mode keeps the operator from looking further into it.
    if (number < 204 || errors.empty()) check_mesh_config(tree, number, errors);
  }
  if (number < 204 || errors.empty()) check_cluster_wide(world, key, plane, errors);
  check_gateways(key.ns, tree, errors);
  if (number >= 201) check_removed(tree, errors);
  if (auto error = aggregate(errors)) return refused(std::move(*error));
  return std::nullopt;
}

/// The steps between two versions; only these have something to say.
Refused check_upgrade(const World& world, const Object* existing, const ControlPlane& plane) {
  if (existing == nullptr) return std::nullopt;
  const ControlPlane before = read_control_plane(*existing, world.version());
  const std::string& from = before.version_text;
  const std::string& to = plane.version_text;
  const std::string steps = " control plane from version " + from + " to " + to + ": ";
  if (from.starts_with("v1") && to.starts_with("v2")) {
    return refused("cannot upgrade" + steps + "inplace upgrade from v1.x to v2.0 is not supported");
  }
  if (from.starts_with("v2") && to.starts_with("v1")) {
    return refused("cannot downgrade" + steps +
                   "inplace downgrade from v2.0 to v1.x is not supported");
  }
  if (plane.version->number < 203 || plane.version->number <= before.version->number) {
    return std::nullopt;
  }
  const auto inside = mesh_namespaces(world, plane.ns);
  for (const Object* extension : world.objects().of_kind("ServiceMeshExtension")) {
    if (!inside.contains(extension->key.ns)) continue;
    return refused("cannot upgrade" + steps + "found a ServiceMeshExtension '" +
                   extension->key.name + "' in namespace '" + extension->key.ns +
                   "'. ServiceMeshExtension support has been removed; please migrate existing "
                   "ServiceMeshExtensions to WasmPlugin");
  }
  return std::nullopt;
}

Refused check_mode_change(const World& world, const Object* existing, const ControlPlane& plane) {
  const int number = plane.version->number;
  if (existing == nullptr || number < 203 || number > 204) return std::nullopt;
  if (was_cluster_wide(*existing, *plane.version) == plane.cluster_wide) return std::nullopt;
  const std::string recreate =
      "to change its value, delete the ServiceMeshControlPlane and recreate it";
  if (number == 203) {
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

void switch_routes_off(const OperatorVersion& version, Tree& plane) {
  Tree& spec = plane.mapping_at("spec");
  const auto written = spec.string_at({"version"});
  const ControlPlaneVersion* charts =
      find_control_plane_version(written.empty() ? version.newest_control_plane : written);
  if (charts == nullptr || charts->number < 205 || version.newest_control_plane != "v2.5") return;
  if (spec.find_path({"gateways", "openshiftRoute", "enabled"}) != nullptr) return;
  spec.mapping_at("gateways").mapping_at("openshiftRoute").set("enabled", Tree::boolean(false));
}

std::optional<Rejection> admit_control_plane(const World& world, const Object* existing,
                                             Tree& tree) {
  const ObjectKey key = key_of(tree);
  const bool complete = world.version().completes_writes;
  if (complete) default_control_plane(world, existing, tree);
  if (auto refusal = check_schema(world, tree)) return refusal;
  if (complete && key.ns == world.platform().operator_namespace) {
    return refused(
        "service mesh may not be installed in the same project/namespace as the operator");
  }
  for (const Object* other : world.objects().of_kind("ServiceMeshControlPlane", key.ns)) {
    if (other->key.name != key.name) {
      return refused("only one service mesh may be installed per project/namespace");
    }
  }
  // Operator 1.0 asked for nothing else.
  if (!complete) return std::nullopt;
  const Object wanted = make_object(tree);
  const ControlPlane plane = read_control_plane(wanted, world.version());
  if (auto refusal = check_version(world, plane.version_text)) return refusal;
  if (auto refusal = check_old_schema(existing, tree, plane.version_text)) return refusal;
  if (auto refusal = check_spec(world, key, tree, plane)) return refusal;
  if (auto refusal = check_upgrade(world, existing, plane)) return refusal;
  return check_mode_change(world, existing, plane);
}

}  // namespace meshproof
