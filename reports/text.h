#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace meshproof {

/// One character as a terminal may show it: control characters, invalid UTF-8 and characters that
/// reverse or hide text come as an escape (`\x1b`, `\u202e`), so input never steers a terminal.
struct Cell {
  std::size_t byte = 0;  ///< where it begins in the text
  std::string shown;
  std::size_t width = 1;  ///< columns
};
[[nodiscard]] std::vector<Cell> cells(std::string_view text);

/// The text made safe for a terminal, on one line.
[[nodiscard]] std::string printable(std::string_view text);

/// Columns that printable text takes.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// The text filled with spaces up to `columns`; longer text stays as it is.
[[nodiscard]] std::string padded(std::string_view text, std::size_t columns);

/// Breaks text at spaces into lines of at most `width` columns; lines after the first begin with
/// `indent` spaces. A word that is too long is broken nowhere.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

/// `1 pod`, `2 pods`.
[[nodiscard]] std::string counted(std::size_t count, std::string_view singular,
                                  std::string_view plural = {});

}  // namespace meshproof
