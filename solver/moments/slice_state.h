#pragma once

#include <cstdint>
#include <vector>

#include "model/cluster.h"
#include "solver/moments/scene.h"

/// One or two projects of a scene in one of their moments. Only the files of solver/moments include
/// this.
namespace meshproof {

/// The version of each written object of a project.
using VersionVector = std::vector<std::uint8_t>;

/// A cluster that holds these projects alone, with what stands for hosts: a flow between pods of
/// two projects depends on nothing else (SEMANTICS W4). Keeps the scene by reference.
class SliceState {
 public:
  /// `seconds`: each end that has a second pod stands twice. O(objects of the projects).
  SliceState(const Scene& scene, std::vector<const SceneProject*> projects, bool seconds);

  /// Puts the objects of each project into these versions. O(objects of the projects).
  void set(const std::vector<const VersionVector*>& versions);

  [[nodiscard]] const Cluster& cluster() const { return cluster_; }
  [[nodiscard]] NamespaceId ns(std::size_t project) const { return namespaces_[project]; }
  [[nodiscard]] PodId pod(std::size_t project, std::size_t end) const {
    return ends_[project][end];
  }
  /// Invalid where there is no second one.
  [[nodiscard]] PodId second(std::size_t project, std::size_t end) const {
    return seconds_[project][end];
  }

 private:
  void add(const SceneProject& project, NamespaceId ns, const VersionVector* versions);

  std::vector<SceneProject> projects_;  ///< in the symbols of the cluster
  Cluster cluster_;
  std::size_t asked_ = 0;  ///< the first projects; the rest stands for hosts
  std::vector<NamespaceId> namespaces_;
  std::vector<std::vector<PodId>> ends_;
  std::vector<std::vector<PodId>> seconds_;
};

}  // namespace meshproof
