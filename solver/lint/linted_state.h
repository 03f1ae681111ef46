#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/drift.h"
#include "model/mesh/injection.h"
#include "model/mesh/mesh.h"
#include "model/mesh/operator_version.h"
#include "model/mesh/world.h"
#include "model/prediction.h"
#include "model/snapshot.h"
#include "model/use.h"
#include "solver/evaluate.h"
#include "solver/lint/claims.h"
#include "solver/redundancy.h"

namespace meshproof {

/// What the rules of one run look at. What several of them need is found once, when the first one
/// asks. Refers to the snapshot, which must outlive it. Not for several threads at once.
class LintedState {
 public:
  LintedState(const Snapshot& snapshot, PredictOptions options);
  ~LintedState();
  LintedState(const LintedState&) = delete;
  LintedState& operator=(const LintedState&) = delete;

  [[nodiscard]] const Snapshot& snapshot() const { return snapshot_; }
  [[nodiscard]] const ObjectStore& objects() const { return snapshot_.objects; }
  [[nodiscard]] const Cluster& cluster() const { return snapshot_.cluster; }
  [[nodiscard]] const PredictOptions& options() const { return options_; }

  /// By namespace.
  [[nodiscard]] const std::vector<Mesh>& meshes() const { return meshes_; }
  /// The mesh of this control-plane namespace; null if there is none.
  [[nodiscard]] const Mesh* mesh_of(std::string_view control_plane_ns) const;
  /// The mesh whose member the project is by its label; null if it is none's, or the mesh's own.
  [[nodiscard]] const Mesh* mesh_with_member(std::string_view ns) const;
  /// Whether the absence of an object of the kind says something: all were listed, or the input has
  /// some and nothing says that it lacks others.
  [[nodiscard]] bool covers(std::string_view kind) const;
  /// The operator version that the state shows, or was given; the newest if none is known.
  [[nodiscard]] const OperatorVersion& operator_version() const;
  /// The state as that operator sees it.
  [[nodiscard]] const World& world() const;
  /// Which meshes claim which project.
  [[nodiscard]] const ProjectClaims& claims() const;
  /// What the installed meshes should have written; null if the operator's version is unknown.
  [[nodiscard]] const Drift* drift() const;
  /// Every workload's sidecar, and those of the pods that run; null if the operator's version is
  /// unknown.
  [[nodiscard]] const Injections* injections() const;
  /// What the state shows that somebody uses.
  [[nodiscard]] const Uses& uses() const;
  /// Policies and rules that could be left out; those of the mesh stay.
  [[nodiscard]] const Redundancy& redundancy() const;
  /// Pending pods count as running.
  [[nodiscard]] const Evaluator& evaluator() const;

 private:
  const Snapshot& snapshot_;
  PredictOptions options_;
  std::vector<Mesh> meshes_;
  mutable std::optional<World> world_;
  mutable std::optional<ProjectClaims> claims_;
  mutable std::optional<std::optional<Drift>> drift_;
  mutable std::optional<std::optional<Injections>> injections_;
  mutable std::optional<Uses> uses_;
  mutable std::optional<Redundancy> redundancy_;
  mutable std::unique_ptr<Evaluator> evaluator_;
};

}  // namespace meshproof
