#pragma once

#include "solver/checks/judged_state.h"

namespace meshproof {

/// `no-orphans`: no object of `object_kinds` carries the label of a mesh whose member its project
/// is not (SEMANTICS Q7). Without kinds those that the operator copies and makes; without a label
/// `maistra.io/member-of`. Read off the objects; O(objects).
[[nodiscard]] Decided check_no_orphans(const JudgedState& state, const Assertion& assertion);

}  // namespace meshproof
