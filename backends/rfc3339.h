#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace meshproof {

/// The moment of an RFC 3339 text, without its parts of a second, as the API writes times:
/// `2026-11-23T04:00:00Z`. Nothing if it is none.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> moment_of(std::string_view text);

}  // namespace meshproof
