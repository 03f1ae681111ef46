#pragma once

#include "model/equivalence.h"
#include "model/snapshot.h"
#include "solver/engines/smt.h"

namespace meshproof {

/// Compares the pods that could exist in the projects of both states and in future ones
/// (SEMANTICS Q): a project that only one of them has is compared as if the other had it with the
/// same labels and without policies. Services, hosts and egress firewalls are not looked at:
/// compare() says what differs between the ends of the input. O(projects × size of their policies)
/// and the solver's work, once for equal questions.
[[nodiscard]] Equivalence compare_symbolically(const Snapshot& before, const Snapshot& after,
                                               const SmtLimits& limits = {});

}  // namespace meshproof
