#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "solver/moments/scene.h"
#include "solver/moments/slice_state.h"

/// Which parts of a project's steps may be in effect. Only the files of solver/moments include
/// this.
namespace meshproof {

/// What one node has seen of a project in a moment.
struct ProjectView {
  std::size_t config = 0;   ///< of ProjectViews::configs()
  std::uint64_t steps = 0;  ///< of the stage that are in effect: bits of ProjectViews::steps()
  std::size_t count = 0;    ///< how many these are
};

/// The views of one project, stage by stage, fewest steps first. Alike projects have the same ones
/// in the same order.
class ProjectViews {
 public:
  /// Empty if a stage has more views than `most`. O(views × steps).
  static std::optional<ProjectViews> of(const SceneProject& project,
                                        const std::vector<Stage>& stages, std::size_t most);

  /// Distinct versions of the written objects; the first is the state before, see last().
  [[nodiscard]] const std::vector<VersionVector>& configs() const { return configs_; }
  [[nodiscard]] std::size_t last() const { return last_; }
  [[nodiscard]] const std::vector<ProjectView>& at(std::size_t stage) const {
    return views_[stage];
  }
  /// The project's own steps of a stage, in the order of its objects.
  [[nodiscard]] std::size_t steps(std::size_t stage) const { return steps_[stage].size(); }
  /// Whether one node may see the one while another sees the other: where steps wait for the effect
  /// of others, what one of both has seen must not wait for what one of both has not.
  [[nodiscard]] bool are_compatible(std::size_t stage, const ProjectView& one,
                                    const ProjectView& other) const;

 private:
  struct Slot {
    std::size_t object = 0;   ///< of the project's
    std::uint64_t needs = 0;  ///< steps that must be in effect everywhere before it is written
  };

  [[nodiscard]] std::uint64_t own_object(std::size_t stage, std::size_t step) const;
  [[nodiscard]] bool is_admissible(std::size_t stage, std::uint64_t steps) const;
  [[nodiscard]] bool add_stage(const SceneProject& project, const std::vector<Stage>& stages,
                               std::size_t stage, std::size_t most, VersionVector& base);
  [[nodiscard]] std::size_t config_of(const VersionVector& versions);

  std::vector<VersionVector> configs_;
  std::vector<std::vector<ProjectView>> views_;
  std::vector<std::vector<Slot>> steps_;
  std::size_t last_ = 0;
};

/// The project's steps of a stage in the order of the bits of its views.
[[nodiscard]] std::vector<StepReference> steps_of(const SceneProject& project, std::size_t stage);

}  // namespace meshproof
