#pragma once

#include "solver/checks/judged_state.h"

namespace meshproof {

/// `unchanged`: no flow begins or stops by the change but those with an end in one of `touching`,
/// in either state (SEMANTICS Q6). Undecided where there is no state before. The witness is a flow
/// of one pair, put to evaluate() in both states. O(compare() + pods of the ends that changed).
[[nodiscard]] Decided check_unchanged(const JudgedState& state, const Assertion& assertion);

}  // namespace meshproof
