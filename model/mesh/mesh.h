#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/object.h"
#include "model/source.h"

namespace meshproof {

inline constexpr std::string_view kMemberOfLabel = "maistra.io/member-of";
inline constexpr std::string_view kOwnerLabel = "maistra.io/owner";
inline constexpr std::string_view kOwnerNameLabel = "maistra.io/owner-name";
inline constexpr std::string_view kIgnoreNamespaceLabel = "maistra.io/ignore-namespace";
inline constexpr std::string_view kAppVersionLabel = "app.kubernetes.io/version";
inline constexpr std::string_view kGenerationAnnotation = "maistra.io/mesh-generation";
inline constexpr std::string_view kInternalAnnotation = "maistra.io/internal";
inline constexpr std::string_view kCreatedByAnnotation = "maistra.io/created-by";
inline constexpr std::string_view kFinalizer = "maistra.io/istio-operator";

/// One control plane with its member roll: what the operator's controllers see of it.
struct Mesh {
  std::string ns;       ///< the control-plane namespace
  std::string name;     ///< of the ServiceMeshControlPlane; empty if there is only a roll
  std::string version;  ///< spec.version, `v2.5`
  bool has_control_plane = false;
  bool has_roll = false;
  std::vector<std::string> roll_members;  ///< spec.members as written
  /// Namespaces that carry `maistra.io/member-of` with this mesh, without the control plane's own;
  /// sorted. This, not the roll, is what the members' policies admit.
  std::vector<std::string> labelled;
  Place roll_place;  ///< of spec.members, else of the roll
  Place control_plane_place;
};

/// The meshes of a cluster, sorted by namespace.
[[nodiscard]] std::vector<Mesh> find_meshes(const ObjectStore& objects);

}  // namespace meshproof
