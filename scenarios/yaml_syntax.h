#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace meshproof {

/// What a message of the library says, in plain words.
[[nodiscard]] std::string syntax_message(std::string_view theirs);

/// The column of a tab that indents the line, both from zero. The library often tells of what
/// follows.
[[nodiscard]] std::optional<std::size_t> indenting_tab(std::string_view text, int line);

}  // namespace meshproof
