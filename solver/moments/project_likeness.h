#pragma once

#include <string>
#include <vector>

#include "model/snapshot.h"
#include "solver/moments/change_parts.h"

namespace meshproof {

/// Parts that are most likely alike in all that counts, by their places: the same thing happens to
/// projects with the same labels, policies and kinds of pods. Each part in one group, in order.
/// O(objects of the projects × what they say).
[[nodiscard]] std::vector<std::vector<std::size_t>> alike_parts(
    const Snapshot& before, const std::vector<ChangePart>& parts);

}  // namespace meshproof
