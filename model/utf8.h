#pragma once

#include <cstddef>
#include <string_view>

namespace meshproof {

/// The length of the UTF-8 character at `at`, which is below the text's size; 0 if there is none
/// (RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF).
[[nodiscard]] std::size_t utf8_length(std::string_view text, std::size_t at);

}  // namespace meshproof
