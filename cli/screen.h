#pragma once

#include <cstddef>

namespace meshproof {

/// What the streams of a run are connected to. The default is a pipe.
struct Screen {
  bool colour = false;  ///< standard error is a terminal with sequences and NO_COLOR is not set
  bool erases = false;  ///< standard error is a terminal with sequences: a line can be taken back
  bool input_is_terminal = false;
  bool output_is_terminal = false;
  bool error_is_terminal = false;
  std::size_t width = 100;       ///< columns of the result
  std::size_t error_width = 80;  ///< columns of standard error
};

/// Asks the terminal and the environment (COLUMNS, NO_COLOR, TERM).
[[nodiscard]] Screen find_screen();

}  // namespace meshproof
