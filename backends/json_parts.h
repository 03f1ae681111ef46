#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace meshproof {

/// A field of a JSON object, where it stands in the text.
struct JsonField {
  std::string_view key;    ///< as it is written, without its quotes
  std::string_view value;  ///< without white space around it
};

/// The fields of the JSON object that the text is, found by brackets and strings alone: a value
/// that was found may still be wrong in itself. Nothing if the text is no object or does not close.
/// O(length).
[[nodiscard]] std::optional<std::vector<JsonField>> json_fields(std::string_view text);

/// The same of the items of a JSON array.
[[nodiscard]] std::optional<std::vector<std::string_view>> json_array_items(std::string_view text);

/// The value of a field; empty if there is none.
[[nodiscard]] std::string_view json_value(const std::vector<JsonField>& fields,
                                          std::string_view key);

}  // namespace meshproof
