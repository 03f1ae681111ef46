#pragma once

#include <string>
#include <vector>

#include "model/tree.h"

namespace meshproof {

/// What differs, in words: `+ maistra.io/member-of=mesh-a`, `spec.members: + shop`,
/// `netid: 12 → 7`. What only a server writes is left out. Printable.
[[nodiscard]] std::vector<std::string> difference_words(const Tree& before, const Tree& after);

}  // namespace meshproof
