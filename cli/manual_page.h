#pragma once

#include <string>
#include <string_view>

namespace meshproof {

/// meshproof(1), made of the command table, in the macros of man(7). ASCII only: what is not is
/// written by its number.
[[nodiscard]] std::string manual_page();

/// Text as roff shows it letter by letter: no line begins a request, no backslash an escape, and
/// hyphens of options can be copied.
[[nodiscard]] std::string roff_text(std::string_view text);

}  // namespace meshproof
