#pragma once

#include "solver/checks/judged_state.h"

namespace meshproof {

/// `deny`: nobody of `from` reaches anybody of `to`. Enumerated by evaluate(); where `from` holds
/// addresses outside, what passes them on counts too (SEMANTICS Q10): Services that open a port of
/// the nodes, Routes and Ingresses. O(the enumeration + Services × their pods × nodes + Routes ×
/// their pods × routers), pods that no rule can tell apart being one.
[[nodiscard]] Decided check_denial(const JudgedState& state, const Assertion& assertion);

}  // namespace meshproof
