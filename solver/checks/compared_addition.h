#pragma once

#include <vector>

#include "model/snapshot.h"
#include "model/suggestion.h"
#include "model/verdict.h"

namespace meshproof {

/// The same of the pods and addresses of the input, by comparing who reaches whom in both states
/// (SEMANTICS A5): nothing that solver/checks/addition_proof shares.
[[nodiscard]] Finding compare_addition(const Snapshot& without, const Snapshot& with,
                                       const std::vector<KeptRule>& rules);

}  // namespace meshproof
