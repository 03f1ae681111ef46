#pragma once

#include <string>
#include <vector>

#include "model/plan.h"
#include "model/snapshot.h"

namespace meshproof {

/// What stays as it is although one might think otherwise, as sentences for the reader of a plan.
/// Each is true for this input; none is said where it says nothing.
[[nodiscard]] std::vector<std::string> find_notices(const Plan& plan, const Snapshot& before,
                                                    const Snapshot& after);

}  // namespace meshproof
