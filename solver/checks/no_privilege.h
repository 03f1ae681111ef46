#pragma once

#include "solver/checks/judged_state.h"

namespace meshproof {

/// `no-privilege`: no pod of `in` is given one of `capabilities`, or its node's network unless
/// `allows_host_network` (SEMANTICS Q8). `ALL` and privileged containers have every capability.
/// Init containers of `allowed_init` may. Read off pods and, where there are none, templates.
/// O(specs of the pods).
[[nodiscard]] Decided check_no_privilege(const JudgedState& state, const Assertion& assertion);

}  // namespace meshproof
