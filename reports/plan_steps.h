#pragma once

#include <cstddef>
#include <string>

#include "model/plan.h"
#include "model/source.h"

namespace meshproof {

/// The part of the plan that lists writes: `You change`, `The mesh then writes` (by project, those
/// alike folded unless `full`), what the SDN master does, and the counts.
[[nodiscard]] std::string step_sections(const Plan& plan, const Sources& sources, std::size_t width,
                                        bool full);

}  // namespace meshproof
