#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "model/source.h"

namespace meshproof {

/// Where a value of a text begins, and behind what byte it ends.
struct JsonItem {
  std::size_t begin = 0;  ///< in JsonItems::text
  std::size_t end = 0;
  Place place;
};

/// The items of a JSON array, found but not read.
struct JsonItems {
  std::string_view text;  ///< from the opening bracket to behind the closing one
  std::vector<JsonItem> items;
  Place end;  ///< behind the closing bracket
};

/// How far a JSON text has been read.
struct JsonPosition {
  const char* at = nullptr;
  const char* line_start = nullptr;
  std::uint32_t line = 1;
};

/// Passes over the mapping or sequence that begins at the position, by brackets and strings alone.
/// False if it does not end. O(length).
[[nodiscard]] bool pass_brackets(JsonPosition& position, const char* end);

/// Finds the items of the array that the text begins with, by brackets and strings alone; `place`
/// is that of the opening bracket. False, and `found` is as it was, if an item is no mapping or the
/// brackets do not close: what is wrong then only reading tells. An item that was found may still
/// be wrong in itself. O(length of the array).
[[nodiscard]] bool find_items(std::string_view text, Place place, JsonItems& found);

}  // namespace meshproof
