#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace meshproof {

/// The bytes that a text of RFC 4648's base64 stands for; line ends in it do not count. Empty if it
/// is anything else. O(length).
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace meshproof
