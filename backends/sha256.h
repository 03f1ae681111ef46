#pragma once

#include <string>
#include <string_view>

namespace meshproof {

/// The SHA-256 (FIPS 180-4) of a text, as 64 lower-case hexadecimal digits. O(length).
[[nodiscard]] std::string sha256(std::string_view text);

/// Its first 8 bytes, as 16 digits.
[[nodiscard]] std::string short_sha256(std::string_view text);

}  // namespace meshproof
