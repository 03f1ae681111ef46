#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "model/tree.h"

namespace meshproof {

/// What differs, in words: `+ maistra.io/member-of=mesh-a`, `spec.members: + shop`,
/// `netid: 12 → 7`. What only a server writes is left out. Printable. Of the items of one list at
/// most so many are named, and the others counted.
[[nodiscard]] std::vector<std::string> difference_words(
    const Tree& before, const Tree& after,
    std::size_t most_items = std::numeric_limits<std::size_t>::max());

}  // namespace meshproof
