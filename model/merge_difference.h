#pragma once

#include "model/tree.h"

namespace meshproof {

/// The RFC 7386 patch that turns `before` into `after`: exact as long as `after` holds no null.
/// Fields that did not change stand in neither. O(size of both).
[[nodiscard]] Tree merge_difference(const Tree& before, const Tree& after);

}  // namespace meshproof
