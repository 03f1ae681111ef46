#pragma once

#include <optional>
#include <string_view>

#include "model/tree.h"

namespace meshproof {

/// The tree of a JSON text that a program or a server has answered, without places; numbers are
/// kept as they are written unless they are integers. Of a key that stands twice the last one
/// counts. Empty if the text is anything else, or nests deeper than 256. O(length).
[[nodiscard]] std::optional<Tree> tree_of_json(std::string_view text);

}  // namespace meshproof
