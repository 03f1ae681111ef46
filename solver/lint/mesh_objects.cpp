#include "solver/lint/mesh_objects.h"

#include <algorithm>
#include <optional>

#include "model/mesh/control_plane.h"

namespace meshproof {
namespace {

/// Whether `group/Kind`, or `Kind` of the core group, is that of the key.
bool is_kind(const ObjectKey& key, std::string_view kind) {
  if (key.group.empty()) return key.kind == kind;
  return kind.size() == key.group.size() + 1 + key.kind.size() && kind.starts_with(key.group) &&
         kind.ends_with(key.kind);
}

const Mesh* mesh_around(const LintedState& state, const std::string& ns) {
  const auto claims = state.claims().find(ns);
  return claims == state.claims().end() ? state.mesh_with_member(ns) : claims->second.front().mesh;
}

std::optional<ControlPlane> plane_of(const LintedState& state, const Mesh& mesh) {
  const Object* plane = state.world().find("ServiceMeshControlPlane", mesh.ns, mesh.name);
  if (plane == nullptr) return std::nullopt;
  return read_control_plane(*plane, state.operator_version());
}

}  // namespace

std::vector<MeshObject> objects_in_meshes(const LintedState& state,
                                          std::span<const std::string_view> kinds) {
  std::vector<MeshObject> found;
  for (const Object& object : state.objects()) {
    const ObjectKey& key = object.key;
    if (std::ranges::none_of(kinds, [&](auto kind) { return is_kind(key, kind); })) continue;
    if (const Mesh* mesh = mesh_around(state, key.ns)) found.push_back({&object, mesh});
  }
  return found;
}

int version_number(const LintedState& state, const Mesh& mesh) {
  const auto plane = plane_of(state, mesh);
  return plane ? plane->version->number : 0;
}

std::string version_text(const LintedState& state, const Mesh& mesh) {
  const auto plane = plane_of(state, mesh);
  return plane ? plane->version_text : "";
}

const Tree* node_at(const Tree& tree, std::string_view path) {
  const Tree* node = &tree;
  while (node != nullptr && !path.empty()) {
    const auto end = path.find('.');
    node = node->find(path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view{} : path.substr(end + 1);
  }
  return node;
}

}  // namespace meshproof
