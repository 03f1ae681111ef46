#include <map>
#include <string>
#include <utility>

#include "model/mesh/charts.h"
#include "model/mesh/control_plane_install.h"
#include "model/mesh/mesh.h"
#include "model/mesh/mesh_comparison.h"
#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

/// What the charts fix whatever somebody wrote into the spec of the control plane: what the object
/// decides, whose it is, and whether it stays out of the members.
Tree chart_part(const Tree& object) {
  Tree part = compared_part(object);
  Tree& metadata = part.mapping_at("metadata");
  Tree labels = Tree::mapping();
  Tree annotations = Tree::mapping();
  const Tree* written = metadata.find("labels");
  for (const auto key : {kOwnerLabel, kAppVersionLabel, std::string_view{"maistra-version"}}) {
    if (const Tree* value = written->find(key)) labels.set(key, *value);
  }
  for (const auto key : {kInternalAnnotation, kGenerationAnnotation}) {
    if (const Tree* value = metadata.find("annotations")->find(key)) annotations.set(key, *value);
  }
  metadata.set("labels", std::move(labels));
  metadata.set("annotations", std::move(annotations));
  return part;
}

/// The patch releases of the charts differ from operator to operator; `2.5` is what the rows know.
void take_patch_of_release(Tree& expected, const Object& actual) {
  const auto minor = [](std::string_view text) { return text.substr(0, text.rfind('.')); };
  const auto found = actual.label("maistra-version");
  const auto wanted = expected.string_at({"metadata", "labels", "maistra-version"});
  if (minor(found) == minor(wanted)) set_label(expected, "maistra-version", found);
}

constexpr const char* kRenew =
    "any edit of the control plane's spec makes the operator apply its charts again";

/// An object that the charts make, against the one that is there.
void compare_chart_object(MeshComparison& comparison, const ControlPlane& plane, const Tree& wanted,
                          const Place& place) {
  const ObjectKey key = key_of(wanted);
  const Object* actual = comparison.world.objects().find(key);
  if (actual == nullptr) {
    comparison.missing(about(plane.ns, key, Severity::Error,
                             "the charts of " + plane.version_text + " make it", kRenew, place),
                       wanted);
    return;
  }
  if (!actual->has_label(kOwnerLabel) && !has_annotation(*actual, kGenerationAnnotation)) {
    comparison.foreign(about(plane.ns, key, Severity::Error,
                             "has the name of an object of the charts, which overwrite it",
                             "rename it before the control plane is edited", place),
                       *actual);
    return;
  }
  Tree expected = wanted;
  take_patch_of_release(expected, *actual);
  Tree part = chart_part(expected);
  Tree found = chart_part(*actual->tree);
  if (part == found) return;
  Departure departure = about(plane.ns, key, Severity::Error, "is not as the charts make it",
                              "delete it, then edit the control plane's spec", actual->place());
  comparison.compare(std::move(departure), part, make_object(std::move(found)));
}

void find_strangers(MeshComparison& comparison, const ControlPlane& plane,
                    const std::map<ObjectKey, Tree>& made) {
  for (const auto kind : {"NetworkPolicy", "RoleBinding"}) {
    for (const Object* object : comparison.world.objects().of_kind(kind, plane.ns)) {
      if (object->label(kOwnerLabel) != plane.ns || made.contains(object->key)) continue;
      if (chart_fate(plane, object->key) == ChartFate::Dropped) {
        comparison.orphaned(about(plane.ns, object->key, Severity::Warning,
                                  "the control plane's spec makes it no more", kRenew, {}),
                            *object);
        continue;
      }
      const bool copied =
          object->key.kind == "RoleBinding" || !has_annotation(*object, kInternalAnnotation);
      comparison.foreign(
          about(plane.ns, object->key, copied ? Severity::Warning : Severity::Note,
                copied ? "carries the control plane's label, so that every member gets a copy"
                       : "carries the control plane's label, and no chart known here makes it",
                "take the label maistra.io/owner off if that is not meant", {}),
          *object);
    }
  }
}

}  // namespace

void compare_charts(MeshComparison& comparison, const Object& control_plane) {
  const World& world = comparison.world;
  const ControlPlane plane = read_control_plane(control_plane, world.version());
  std::map<ObjectKey, Tree> made;
  for (Tree& object :
       chart_objects(plane, world.platform().chart_ports, mesh_generation(world, control_plane))) {
    ObjectKey key = key_of(object);
    made.emplace(std::move(key), std::move(object));
  }
  const bool comparable =
      is_reconciled(control_plane) && plane.version_known && unread_profiles(control_plane).empty();
  for (const auto& [key, wanted] : made) {
    if (!comparable || !comparison.covers(key.kind, key.ns)) continue;
    compare_chart_object(comparison, plane, wanted, control_plane.place());
  }
  find_strangers(comparison, plane, made);
}

}  // namespace meshproof
