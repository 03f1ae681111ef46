#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/mesh/control_plane.h"
#include "model/object.h"
#include "model/prediction.h"
#include "model/tree.h"

namespace meshproof {

/// Chart groups in the order in which the operator installs them, waiting for the workloads of one
/// before the next (operator-recorded.md, "SMCP life cycle").
enum class ChartGroup : std::uint8_t { Discovery, MeshConfig, Gateways, Kiali, Extensions };
inline constexpr std::size_t kChartGroups = 5;

/// The NetworkPolicies, RoleBindings and ClusterRoleBindings that the charts of a control plane
/// make for one group, as stored in the cluster, in the order in which they are applied.
/// `generation` is the mesh generation they are stamped with (`2.5.1-3`).
///
/// `ports` says what the policies do that mean to open one port.
[[nodiscard]] std::vector<Tree> chart_objects(const ControlPlane& plane, ChartPorts ports,
                                              ChartGroup group, const std::string& generation);

/// All groups' objects.
[[nodiscard]] std::vector<Tree> chart_objects(const ControlPlane& plane, ChartPorts ports,
                                              const std::string& generation);

/// What the charts of a control plane do with an object: make it, make it no more (they do for
/// another version, or with an addon on), or nothing that is known here.
enum class ChartFate : std::uint8_t { Made, Dropped, Unknown };
[[nodiscard]] ChartFate chart_fate(const ControlPlane& plane, const ObjectKey& key);

/// The Kiali of a control plane, as far as it is predicted: its version, its Route, which
/// namespaces it shows. What it is told of other services, passwords among that, is not.
[[nodiscard]] Tree kiali_object(const ControlPlane& plane, const std::string& generation);

/// The RoleBinding `mesh-users`, which belongs to the control plane but to none of its charts.
[[nodiscard]] Tree mesh_users_binding(const ControlPlane& plane);

}  // namespace meshproof
