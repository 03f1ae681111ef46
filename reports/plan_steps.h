#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "model/plan.h"
#include "model/source.h"

namespace meshproof {

/// The part of the plan that lists writes: `You change`, `The mesh then writes` (by project, those
/// alike folded unless `full`), what the SDN master does, and the counts.
[[nodiscard]] std::string step_sections(const Plan& plan, const Sources& sources, std::size_t width,
                                        bool full);

/// The objects that a plan writes: one that is made and then updated counts as made, one that is
/// deleted and made again in both. Without what others than user, mesh and SDN write.
struct StepCounts {
  std::size_t created = 0;
  std::size_t changed = 0;
  std::size_t deleted = 0;
};
[[nodiscard]] StepCounts count_steps(const Plan& plan);

/// The number under which the mesh's last write to an object of the kind stands in a project's list
/// there; none if there is no such write, or in more than one phase.
[[nodiscard]] std::optional<std::size_t> step_number(const Plan& plan, std::string_view project,
                                                     std::string_view kind);

}  // namespace meshproof
