#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/snapshot.h"

namespace meshproof {

/// The projects of one mesh, as the built-in statements see them (SEMANTICS T2).
struct MeshMembers {
  std::string mesh;  ///< the control-plane namespace
  /// Namespaces that carry the mesh's member-of label, and those on its roll that carry none; the
  /// control plane's own left out. In id order.
  std::vector<NamespaceId> members;
};

/// Every mesh that a control plane, a roll or a member-of label shows, by name.
/// O(objects + namespaces).
[[nodiscard]] std::vector<MeshMembers> mesh_members(const Snapshot& snapshot);

/// The value of the namespace's member-of label; empty without one.
[[nodiscard]] std::string_view member_of(const Cluster& cluster, NamespaceId ns);

}  // namespace meshproof
