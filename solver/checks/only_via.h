#pragma once

#include "solver/checks/judged_state.h"

namespace meshproof {

/// `only-via`: whatever reaches `to` from `from`, in any number of hops, passes by `via`
/// (SEMANTICS Q4): `via`, taken as one vertex, dominates `to` in the graph of who reaches whom,
/// which is so if and only if no way leads there once it is taken out. A violation is a shortest
/// such way, each hop put to evaluate().
[[nodiscard]] Decided check_only_via(const JudgedState& state, const Assertion& assertion);

}  // namespace meshproof
