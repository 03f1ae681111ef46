#pragma once

#include <vector>

#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/uses/judge.h"
#include "solver/verify.h"

namespace meshproof {

/// `builtin:continuity`: what is in use stays reachable (SEMANTICS E9, E10). One verdict. With
/// `options.uses`, what became of the uses of the state before; else it judges the uses that the
/// state itself shows. Holds speaks of the uses that were found, also where there are none.
[[nodiscard]] std::vector<Verdict> check_continuity(const Snapshot& snapshot,
                                                    const VerifyOptions& options);

}  // namespace meshproof
