#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "model/dns_name.h"
#include "model/mesh/control_plane.h"
#include "model/project/fields.h"
#include "model/project/mesh_references.h"
#include "model/project/projection.h"

namespace meshproof {
namespace {

struct TypedField {
  std::string_view path;  ///< below spec, with dots
  TreeKind type;
};

/// What the prediction reads of a control plane.
constexpr auto kPlaneFields = std::to_array<TypedField>({
    {"version", TreeKind::String},
    {"mode", TreeKind::String},
    {"security.manageNetworkPolicy", TreeKind::Boolean},
    {"techPreview.controlPlaneMode", TreeKind::String},
    {"addons.prometheus.enabled", TreeKind::Boolean},
    {"addons.grafana.enabled", TreeKind::Boolean},
    {"addons.kiali.enabled", TreeKind::Boolean},
    {"addons.kiali.name", TreeKind::String},
    {"addons.jaeger.name", TreeKind::String},
    {"tracing.type", TreeKind::String},
    {"gateways.enabled", TreeKind::Boolean},
    {"gateways.ingress.enabled", TreeKind::Boolean},
    {"gateways.egress.enabled", TreeKind::Boolean},
    {"gateways.additionalIngress", TreeKind::Mapping},
    {"gateways.additionalEgress", TreeKind::Mapping},
});

constexpr auto kMemberFields = std::to_array<TypedField>({
    {"controlPlaneRef.name", TreeKind::String},
    {"controlPlaneRef.namespace", TreeKind::String},
});

void check_type(const Tree& spec, const TypedField& row, Diagnostics& diagnostics) {
  const Tree* parent = &spec;
  std::string_view path = row.path;
  for (std::size_t dot = path.find('.'); dot != path.npos; dot = path.find('.')) {
    parent = field(*parent, path.substr(0, dot), TreeKind::Mapping, diagnostics);
    if (parent == nullptr) return;
    path.remove_prefix(dot + 1);
  }
  static_cast<void>(field(*parent, path, row.type, diagnostics));
}

/// Neither a name that a namespace may have nor a pattern with an asterisk, which admission judges.
bool names_nothing(std::string_view member) {
  return !is_dns_label(member) && member.find('*') == std::string_view::npos;
}

/// What is no name is told, and the rest of the list counts.
void check_members(const Tree& spec, Diagnostics& diagnostics) {
  const Tree* members = spec.find("members");
  if (members == nullptr || !members->is(TreeKind::Sequence)) {
    static_cast<void>(field(spec, "members", TreeKind::Sequence, diagnostics));
    return;
  }
  for (const Tree& member : members->items) {
    if (!member.is(TreeKind::String)) {
      add_warning(diagnostics, member.place, "bad-member",
                  describe(member) + " is no name of a namespace: it is left out");
    } else if (names_nothing(member.text)) {
      add_warning(diagnostics, member.place, "bad-member",
                  "no namespace can have the name `" + member.text + '`');
    }
  }
}

void check_roll(const Tree& spec, Projection& projection) {
  check_members(spec, projection.diagnostics);
  for (const Tree* selector : object_items(spec, "memberSelectors", projection.diagnostics)) {
    static_cast<void>(read_selector(*selector, projection));
  }
}

void check_reference(const Tree& spec, Diagnostics& diagnostics) {
  for (const TypedField& row : kMemberFields) check_type(spec, row, diagnostics);
  const Tree* ns = spec.find_path({"controlPlaneRef", "namespace"});
  if (ns == nullptr || !ns->is(TreeKind::String) || is_dns_label(ns->text)) return;
  add_warning(diagnostics, ns->place, "bad-member",
              "no namespace can have the name `" + ns->text + '`');
}

/// Which charts a control plane has decides what its members get.
void check_version(const Object& plane, const Tree& spec, Diagnostics& diagnostics) {
  const Tree* version = spec.find("version");
  const ControlPlane read = read_control_plane(plane, operator_versions().back());
  if (version != nullptr && !version->is_null() && !version->is(TreeKind::String)) return;
  if (version == nullptr || version->text.empty()) {
    add_warning(diagnostics, plane.place(), "control-plane-without-version",
                "ServiceMeshControlPlane " + plane.key.ns + '/' + plane.key.name +
                    " has no spec.version: " +
                    (plane.tree->string_at({"status", "chartVersion"}).empty()
                         ? "taken as the newest of its operator, which admission would write"
                         : "taken as " + read.version_text + ", as its status tells"));
  } else if (!read.version_known) {
    add_warning(diagnostics, version->place, "unsupported-control-plane-version",
                "spec.version \"" + read.version_text + "\" is not modelled; taken as " +
                    std::string{read.version->name});
  }
}

/// The prediction hangs on the operator; one that is not known is passed over, which must be said.
void check_operator(const Object& plane, Diagnostics& diagnostics) {
  const Tree* shown = plane.tree->find_path({"status", "operatorVersion"});
  if (shown == nullptr || shown->text.empty() || shown->text == "unknown") return;
  if (nearest_operator_version(shown->text) != nullptr) return;
  add_warning(diagnostics, shown->place, "unsupported-operator-version",
              "the operator \"" + shown->text +
                  "\" is not modelled: what else shows a version counts, or the newest known, " +
                  std::string{operator_versions().back().name});
}

void check_plane(const Object& plane, const Tree& spec, Diagnostics& diagnostics) {
  for (const TypedField& row : kPlaneFields) check_type(spec, row, diagnostics);
  static_cast<void>(string_items(spec, "profiles", diagnostics));
  check_version(plane, spec, diagnostics);
  check_operator(plane, diagnostics);
  const Tree* mode = spec.find("mode");
  if (mode == nullptr || !mode->is(TreeKind::String)) return;
  if (mode->text == "MultiTenant" || mode->text == "ClusterWide") return;
  add_error(diagnostics, mode->place, "unknown-mode",
            "mode `" + mode->text + "` is unknown; it is MultiTenant or ClusterWide");
}

/// operator.md 1.2: both kinds must be named `default`.
void check_name(const Object& object, Diagnostics& diagnostics) {
  if (object.key.name == "default") return;
  const Tree* name = object.tree->find_path({"metadata", "name"});
  add_warning(diagnostics, name == nullptr ? object.place() : name->place, "mesh-object-name",
              "the operator ignores this " + object.key.kind + ": its name is `" + object.key.name +
                  "`, not `default`");
}

}  // namespace

void check_mesh_kinds(Projection& projection) {
  const ObjectStore& objects = projection.objects;
  Diagnostics& diagnostics = projection.diagnostics;
  const auto spec_of = [&](const Object& object) {
    return field(*object.tree, "spec", TreeKind::Mapping, diagnostics);
  };
  for (const Object* roll : objects.of_kind("ServiceMeshMemberRoll")) {
    check_name(*roll, diagnostics);
    if (const Tree* spec = spec_of(*roll)) check_roll(*spec, projection);
  }
  for (const Object* member : objects.of_kind("ServiceMeshMember")) {
    check_name(*member, diagnostics);
    if (const Tree* spec = spec_of(*member)) check_reference(*spec, diagnostics);
  }
  for (const Object* plane : objects.of_kind("ServiceMeshControlPlane")) {
    static const Tree kEmpty = Tree::mapping();
    const Tree* spec = spec_of(*plane);
    check_plane(*plane, spec == nullptr ? kEmpty : *spec, diagnostics);
  }
  check_meshes(objects, diagnostics);
}

}  // namespace meshproof
