#pragma once

#include <optional>
#include <string_view>

#include "model/tree.h"

namespace meshproof {

/// The JSON value (RFC 8259) that a text is, as the value of an annotation may be; without places.
/// Of a key that stands twice the last one counts, as Go reads it. Empty if the text is anything
/// else, or nests deeper than 64. Files are read by scenarios/json_reader. O(length).
[[nodiscard]] std::optional<Tree> parse_json(std::string_view text);

}  // namespace meshproof
