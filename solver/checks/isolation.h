#pragma once

#include "solver/checks/judged_state.h"

namespace meshproof {

/// `isolate`: the groups do not reach each other, in up to `hops` hops (SEMANTICS Q3). One hop is
/// enumerated by evaluate(); ways of several are looked for by slices of all pairs, and each hop of
/// a witness is put to evaluate().
[[nodiscard]] Decided check_isolation(const JudgedState& state, const Assertion& assertion);

}  // namespace meshproof
