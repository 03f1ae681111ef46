#include "model/shell.h"

namespace meshproof {

std::string shell_word(std::string_view text) {
  constexpr std::string_view kSafe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,@%+=";
  // A leading dash would be read as an option, a leading `=` or `~` is expanded by some shells.
  const bool plain = !text.empty() && text.find_first_not_of(kSafe) == std::string_view::npos &&
                     text.front() != '=';
  if (plain) return std::string(text);
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

}  // namespace meshproof
