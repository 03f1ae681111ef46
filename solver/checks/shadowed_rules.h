#pragma once

#include "solver/checks/judged_state.h"

namespace meshproof {

/// `no-shadowed-rules`: no policy of a project of `in`, nor rule of one, without which the policies
/// of its project would admit the same (SEMANTICS Q9): proved for every pod that could exist, see
/// find_redundancy(). What the mesh operator wrote counts as what is said otherwise.
[[nodiscard]] Decided check_no_shadowed_rules(const JudgedState& state, const Assertion& assertion);

}  // namespace meshproof
