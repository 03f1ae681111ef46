#include "solver/moments/views.h"

#include <algorithm>
#include <bit>

namespace meshproof {
namespace {

constexpr std::size_t kMostSteps = 63;

/// Waits for the effect of other steps of its project (Stage::in_order).
bool is_ordered(const Stage& stage, const Step& step) {
  return stage.in_order && !step.project.empty() && step.writer == Step::Writer::Operator;
}

}  // namespace

std::vector<StepReference> steps_of(const SceneProject& project, std::size_t stage) {
  std::vector<StepReference> steps;
  for (const SceneObject& object : project.objects) {
    if (object.written == nullptr) continue;
    for (const StepReference& step : object.written->writes) {
      if (step.stage == stage) steps.push_back(step);
    }
  }
  return steps;
}

bool ProjectViews::is_admissible(std::size_t stage, std::uint64_t steps) const {
  const std::vector<Slot>& slots = steps_[stage];
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const bool is_seen = ((steps >> i) & 1U) != 0;
    if (is_seen && (slots[i].needs & ~steps) != 0) return false;
  }
  return true;
}

bool ProjectViews::are_compatible(std::size_t stage, const ProjectView& one,
                                  const ProjectView& other) const {
  const std::vector<Slot>& slots = steps_[stage];
  const std::uint64_t any = one.steps | other.steps;
  const std::uint64_t both = one.steps & other.steps;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    // Writes to one object reach one node in their order, not all nodes at once.
    const std::uint64_t waits = slots[i].needs & ~own_object(stage, i);
    if (((any >> i) & 1U) != 0 && (waits & ~both) != 0) return false;
  }
  return true;
}

std::uint64_t ProjectViews::own_object(std::size_t stage, std::size_t step) const {
  std::uint64_t own = 0;
  const std::vector<Slot>& slots = steps_[stage];
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i].object == slots[step].object) own |= std::uint64_t{1} << i;
  }
  return own;
}

std::size_t ProjectViews::config_of(const VersionVector& versions) {
  const auto found = std::ranges::find(configs_, versions);
  if (found != configs_.end()) return static_cast<std::size_t>(found - configs_.begin());
  configs_.push_back(versions);
  return configs_.size() - 1;
}

bool ProjectViews::add_stage(const SceneProject& project, const std::vector<Stage>& stages,
                             std::size_t stage, std::size_t most, VersionVector& base) {
  const std::vector<StepReference> references = steps_of(project, stage);
  if (references.size() > kMostSteps) return false;
  std::vector<Slot>& slots = steps_.emplace_back();
  for (std::size_t object = 0; object < project.written; ++object) {
    for (const StepReference& step : project.objects[object].written->writes) {
      if (step.stage == stage) slots.push_back({object, 0});
    }
  }
  const auto step_at = [&](std::size_t i) -> const Step& {
    return stages[stage].steps[references[i].index];
  };
  for (std::size_t i = 0; i < slots.size(); ++i) {
    for (std::size_t j = 0; j < slots.size(); ++j) {
      const bool is_earlier = slots[i].object == slots[j].object && j < i;
      const bool is_lower =
          is_ordered(stages[stage], step_at(i)) && is_ordered(stages[stage], step_at(j)) &&
          step_at(j).project == step_at(i).project && step_at(j).rank < step_at(i).rank;
      if (is_earlier || is_lower) slots[i].needs |= std::uint64_t{1} << j;
    }
  }
  std::vector<std::uint64_t> seen{0};
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const std::size_t count = seen.size();
    for (std::size_t k = 0; k < count; ++k) seen.push_back(seen[k] | (std::uint64_t{1} << i));
    if (seen.size() > most) return false;
  }
  std::erase_if(seen, [&](std::uint64_t steps) { return !is_admissible(stage, steps); });
  std::ranges::stable_sort(seen, {}, [](std::uint64_t steps) { return std::popcount(steps); });
  std::vector<ProjectView>& views = views_.emplace_back();
  VersionVector last = base;
  for (const std::uint64_t steps : seen) {
    VersionVector versions = base;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (((steps >> i) & 1U) != 0) ++versions[slots[i].object];
    }
    views.push_back({config_of(versions), steps, static_cast<std::size_t>(std::popcount(steps))});
    last = versions;
  }
  base = last;
  return true;
}

std::optional<ProjectViews> ProjectViews::of(const SceneProject& project,
                                             const std::vector<Stage>& stages, std::size_t most) {
  ProjectViews result;
  VersionVector base(project.written, 0);
  result.last_ = result.config_of(base);
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    if (!result.add_stage(project, stages, stage, most, base)) return std::nullopt;
  }
  result.last_ = result.config_of(base);
  return result;
}

}  // namespace meshproof
