#pragma once

#include <string>
#include <string_view>

namespace meshproof {

/// RFC 4648, padded, in one line.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace meshproof
