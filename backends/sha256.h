#pragma once

#include <string>
#include <string_view>

namespace meshproof {

/// The first 8 bytes of the SHA-256 (FIPS 180-4) of a text, as 16 lower-case hexadecimal digits.
/// O(length).
[[nodiscard]] std::string short_sha256(std::string_view text);

}  // namespace meshproof
