#include "cli/screen.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace meshproof {
namespace {

constexpr std::size_t kNarrowest = 60;
constexpr std::size_t kWidest = 160;

std::size_t environment_columns() {
  const char* text = std::getenv("COLUMNS");
  if (text == nullptr) return 0;
  const std::string_view digits = text;
  std::size_t columns = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), columns);
  return error == std::errc() && end == digits.end() ? columns : 0;
}

std::size_t terminal_columns(int stream) {
  winsize size{};
  return ioctl(stream, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

Screen find_screen() {
  Screen screen;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  screen.error_is_terminal = isatty(STDERR_FILENO) == 1;
  screen.erases =
      screen.error_is_terminal && (terminal == nullptr || std::string_view{terminal} != "dumb");
  screen.colour = screen.erases && (no_colour == nullptr || *no_colour == '\0');
  screen.input_is_terminal = isatty(STDIN_FILENO) == 1;
  if (const std::size_t columns = terminal_columns(STDERR_FILENO); columns > 1) {
    screen.error_width = columns;
  }
  screen.output_is_terminal = isatty(STDOUT_FILENO) == 1;
  if (screen.output_is_terminal) {
    std::size_t columns = environment_columns();
    if (columns == 0) columns = terminal_columns(STDOUT_FILENO);
    if (columns != 0) screen.width = std::clamp(columns, kNarrowest, kWidest);
  }
  return screen;
}

}  // namespace meshproof
