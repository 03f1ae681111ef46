#pragma once

#include "model/tree.h"

namespace meshproof {

/// A member roll as the operator writes it back: its type leaves out empty lists of members and of
/// selectors, so that a roll which lists nobody loses the field with the operator's first own
/// write (operator-recorded.md, case 03).
[[nodiscard]] Tree typed_roll(Tree roll);

}  // namespace meshproof
