#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace meshproof {

/// Somebody else's words for a message of ours: white space and control characters become single
/// spaces, and what is longer than `most` bytes is cut between two characters and ends with `…`.
[[nodiscard]] std::string in_one_line(std::string_view text, std::size_t most = 1000);

}  // namespace meshproof
