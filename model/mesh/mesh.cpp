#include "model/mesh/mesh.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

Place members_place(const Object& roll) {
  const Tree* members = roll.tree->find_path({"spec", "members"});
  return members == nullptr ? roll.place() : members->place;
}

}  // namespace

std::vector<Mesh> find_meshes(const ObjectStore& objects) {
  std::map<std::string, Mesh> meshes;
  for (const Object* plane : objects.of_kind("ServiceMeshControlPlane")) {
    Mesh& mesh = meshes[plane->key.ns];
    // Admission allows one per project; of two, the operator serves neither, and one must stand
    // here.
    if (mesh.has_control_plane) continue;
    mesh.has_control_plane = true;
    mesh.name = plane->key.name;
    mesh.version = plane->tree->string_at({"spec", "version"});
    mesh.control_plane_place = plane->place();
  }
  for (const Object* roll : objects.of_kind("ServiceMeshMemberRoll")) {
    if (roll->key.name != "default") continue;
    Mesh& mesh = meshes[roll->key.ns];
    mesh.has_roll = true;
    mesh.roll_members = strings_at(*roll->tree, {"spec", "members"});
    mesh.roll_place = members_place(*roll);
  }
  for (const auto kind : {"Namespace", "Project"}) {
    for (const Object* ns : objects.of_kind(kind)) {
      const auto mesh = meshes.find(std::string{ns->label(kMemberOfLabel)});
      if (mesh == meshes.end() || mesh->first == ns->key.name) continue;
      auto& labelled = mesh->second.labelled;
      if (std::ranges::find(labelled, ns->key.name) == labelled.end()) {
        labelled.push_back(ns->key.name);
      }
    }
  }
  std::vector<Mesh> found;
  for (auto& [ns, mesh] : meshes) {
    mesh.ns = ns;
    std::ranges::sort(mesh.labelled);
    found.push_back(std::move(mesh));
  }
  return found;
}

}  // namespace meshproof
