#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meshproof {

/// The SHA-256 (FIPS 180-4) of a text, as 64 lower-case hexadecimal digits. O(length).
[[nodiscard]] std::string sha256(std::string_view text);

/// The same of a file's bytes; nothing if it cannot be read. O(bytes).
[[nodiscard]] std::optional<std::string> sha256_of_file(const std::string& path);

/// The first 8 bytes of that of a text, as 16 digits.
[[nodiscard]] std::string short_sha256(std::string_view text);

}  // namespace meshproof
