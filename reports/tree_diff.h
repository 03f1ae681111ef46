#pragma once

#include <string>
#include <vector>

#include "model/tree.h"

namespace meshproof {

/// The RFC 7386 patch that turns `before` into `after`: exact as long as `after` holds no null.
[[nodiscard]] Tree merge_difference(const Tree& before, const Tree& after);

/// What differs, in words: `+ maistra.io/member-of=mesh-a`, `spec.members: + shop`,
/// `netid: 12 → 7`. What only a server writes is left out. Printable.
[[nodiscard]] std::vector<std::string> difference_words(const Tree& before, const Tree& after);

}  // namespace meshproof
