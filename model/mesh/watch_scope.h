#pragma once

#include <string>
#include <vector>

#include "model/mesh/operator_version.h"
#include "model/object.h"

namespace meshproof {

/// What the istiod of a control plane watches: its configuration, services and pods there are all
/// that its proxies hear of (mission M2; operator.md 1.5, 1.7).
struct WatchScope {
  std::string mesh;           ///< control-plane namespace
  std::string control_plane;  ///< name of the ServiceMeshControlPlane
  /// Cluster-wide: every project, and no list.
  bool everything = false;
  bool selected = false;  ///< of them only those that spec.meshConfig.discoverySelectors match
  /// Otherwise its own project and the configured members of its roll's status: not its spec, and
  /// not the label. Sorted.
  std::vector<std::string> namespaces;

  bool operator==(const WatchScope&) const = default;
};

/// One for each control plane, by namespace; a roll without status adds nothing. Several control
/// planes of one namespace have a scope each.
[[nodiscard]] std::vector<WatchScope> watch_scopes(const ObjectStore& objects);

/// How a control plane's scope moves between two states. A control plane that is only on one side
/// has an empty scope on the other.
struct ScopeChange {
  WatchScope before;
  WatchScope after;
  std::vector<std::string> gained;  ///< projects that it begins to watch; sorted
  std::vector<std::string> lost;    ///< and that vanish from its registry
  /// Watched before and after, but not while an edit of the control plane is brought to the cluster
  /// (operator.md 1.5, OSSM-2053); sorted.
  std::vector<std::string> interrupted = {};

  [[nodiscard]] bool moves() const { return !(before == after) || !interrupted.empty(); }
};

[[nodiscard]] std::vector<ScopeChange> scope_changes(const ObjectStore& before,
                                                     const ObjectStore& after,
                                                     const OperatorVersion& version);

}  // namespace meshproof
