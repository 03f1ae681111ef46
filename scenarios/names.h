#pragma once

#include <string_view>

namespace meshproof {

/// What can stand between two slashes of a path: not empty, `.` or `..`, without `/` and `%`.
[[nodiscard]] bool is_path_segment(std::string_view text);
/// A label's value: empty, or letters, digits, `-`, `_` and `.` with a letter or digit at both
/// ends, at most 63 characters.
[[nodiscard]] bool is_label_value(std::string_view text);
/// A label's key: a name of that form, after an optional DNS subdomain and `/`.
[[nodiscard]] bool is_label_key(std::string_view text);

}  // namespace meshproof
