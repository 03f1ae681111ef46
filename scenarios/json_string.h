#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace meshproof {

/// The first of a quote, a backslash and a control character (below 0x20); `end` if there is none.
/// Eight bytes at a time.
[[nodiscard]] const char* find_string_stop(const char* at, const char* end);

/// The first byte that is no space (0x20). Eight bytes at a time.
[[nodiscard]] const char* find_not_blank(const char* at, const char* end);

/// The length of the escape that the text begins with, a surrogate pair being one; 0 if JSON has no
/// such escape.
[[nodiscard]] std::size_t json_escape_length(std::string_view text);

/// What a string means whose escapes have been checked; in UTF-8. O(length).
[[nodiscard]] std::string unescape_json(std::string_view text);

}  // namespace meshproof
