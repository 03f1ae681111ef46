#include "model/mesh/settle.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "model/mesh/chart_routes.h"
#include "model/mesh/chart_writes.h"
#include "model/mesh/charts.h"
#include "model/mesh/control_plane.h"
#include "model/mesh/control_plane_admission.h"
#include "model/mesh/control_plane_install.h"
#include "model/mesh/found_operator.h"
#include "model/mesh/mesh.h"
#include "model/mesh/metadata.h"
#include "model/mesh/simulation.h"

namespace meshproof {
namespace {

/// Puts the objects of the charts there that are missing, as they would be after the installation,
/// and Jaeger's Route.
void put_charts(World& world, const ControlPlane& plane, const std::string& generation) {
  auto objects = chart_objects(plane, world.platform().chart_ports, generation);
  if (world.version().member_kind) objects.push_back(mesh_users_binding(plane));
  for (Tree& object : objects) {
    const ObjectKey key = key_of(object);
    const bool has_place = key.ns.empty() || world.find_namespace(key.ns).has_value();
    if (has_place && world.objects().find(key) == nullptr) world.create(std::move(object), {});
  }
  for (const Tree& route : chart_routes(plane, generation)) {
    const bool has_place =
        world.find_namespace(std::string{route.string_at({"metadata", "namespace"})}).has_value();
    if (has_place && world.objects().find(key_of(route)) == nullptr) {
      apply_chart_route(world, plane, route, generation);
    }
  }
  if (plane.jaeger) make_jaeger_route(world, plane);
}

void install(World& world, const ObjectKey& key) {
  Tree tree = *world.objects().find(key)->tree;
  if (tree.find_path({"metadata", "generation"}) == nullptr) {
    // What admission adds belongs to the first generation.
    switch_routes_off(world.version(), tree);
    world.update(tree, {});
    tree.mapping_at("metadata").set("generation", Tree::number(1));
  }
  if (finalizers(tree).empty()) add_finalizer(tree, kFinalizer);
  world.update(std::move(tree), {});
  const Object object = *world.objects().find(key);
  const ControlPlane plane = read_control_plane(object, world.version());
  warn_of_control_plane(world, object, plane);
  put_charts(world, plane, mesh_generation(world, object));
  label_own_project(world, object);
  report_installed(world, *world.objects().find(key));
}

/// Rolls and members of a declared mesh are new to the operator too.
void give_generations(World& world, const std::string& mesh) {
  for (const auto kind : {"ServiceMeshMemberRoll", "ServiceMeshMember"}) {
    for (const Object* object : world.objects().of_kind(kind)) {
      const bool of_mesh =
          object->key.ns == mesh ||
          object->tree->string_at({"spec", "controlPlaneRef", "namespace"}) == mesh;
      if (!of_mesh || object->tree->find_path({"metadata", "generation"}) != nullptr) continue;
      Tree tree = *object->tree;
      tree.mapping_at("metadata").set("generation", Tree::number(1));
      world.update(std::move(tree), {});
    }
  }
}

Diagnostic assumed_installed(const Object& plane) {
  return {plane.place(),
          Severity::Warning,
          "mesh-assumed-installed",
          "ServiceMeshControlPlane " + plane.key.ns + '/' + plane.key.name +
              " has no status: its mesh is taken as installed and at rest",
          {},
          to_string(plane.key)};
}

std::string sentence_about(const std::vector<ObjectKey>& planes) {
  std::string names;
  for (const ObjectKey& key : planes) {
    if (!names.empty()) names += ", ";
    names += key.ns + '/' + key.name;
  }
  return "the input declares " + names +
         " without a status, so it is taken as installed and at rest before the change: its "
         "charts' "
         "policies and bindings are there, and the members of its roll are joined";
}

}  // namespace

std::vector<ObjectKey> declared_planes(const ObjectStore& objects) {
  std::vector<ObjectKey> declared;
  for (const Object* plane : objects.of_kind("ServiceMeshControlPlane")) {
    if (lacks_status(*plane)) declared.push_back(plane->key);
  }
  return declared;
}

Result<SettledState> settle(const ObjectStore& objects, const PredictOptions& options) {
  const auto declared = declared_planes(objects);
  if (declared.empty()) return SettledState{objects, {}, {}};
  auto found = find_operator(objects, options.operator_version);
  if (!found) return tl::unexpected(std::move(found.error()));
  Platform platform = find_platform(objects, options);
  platform.release = found->release;
  World world{objects, *found->version, std::move(platform)};
  world.set_recording(false);
  SettledState settled;
  for (const ObjectKey& key : declared) {
    settled.diagnostics.push_back(assumed_installed(*objects.find(key)));
    give_generations(world, key.ns);
    install(world, key);
    if (world.find("ServiceMeshMemberRoll", key.ns, "default") != nullptr) {
      world.queue().add({Controller::Roll, key.ns, "default"});
    }
  }
  run_to_rest(world);
  settled.objects = world.objects();
  std::ranges::copy(world.diagnostics(), std::back_inserter(settled.diagnostics));
  sort_diagnostics(settled.diagnostics);
  settled.assumptions = {sentence_about(declared)};
  return settled;
}

}  // namespace meshproof
