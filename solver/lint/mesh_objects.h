#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "solver/lint/linted_state.h"

namespace meshproof {

/// An object in a project that a mesh claims, its control plane's own included.
struct MeshObject {
  const Object* object = nullptr;
  const Mesh* mesh = nullptr;
};

/// The objects of these kinds, `group/Kind` or `Kind`, in projects of a mesh, in key order. Where
/// two meshes claim a project, the first by name counts. O(objects × kinds), without reading any of
/// them.
[[nodiscard]] std::vector<MeshObject> objects_in_meshes(const LintedState& state,
                                                        std::span<const std::string_view> kinds);

/// The control-plane version of a mesh as a number, 205 for v2.5: of its spec, or what the operator
/// takes where that is missing. 0 for a mesh without a control plane, of which none is known.
[[nodiscard]] int version_number(const LintedState& state, const Mesh& mesh);
/// `v2.5`; empty for a mesh without a control plane.
[[nodiscard]] std::string version_text(const LintedState& state, const Mesh& mesh);

/// The node at a path of keys with dots between them; null if there is none.
[[nodiscard]] const Tree* node_at(const Tree& tree, std::string_view path);

}  // namespace meshproof
