#include "backends/one_line.h"

namespace meshproof {
namespace {

bool is_white(char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; }

/// Of a character in UTF-8, not its first byte.
bool is_later_byte(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

}  // namespace

std::string in_one_line(std::string_view text, std::size_t most) {
  std::string line;
  bool has_gap = false;
  for (const char c : text) {
    if (is_white(c)) {
      has_gap = !line.empty();
      continue;
    }
    if (line.size() + (has_gap ? 1 : 0) >= most) {
      bool is_cut = is_later_byte(c);
      while (is_cut && !line.empty()) {
        is_cut = is_later_byte(line.back());
        line.pop_back();
      }
      return line + "…";
    }
    if (has_gap) line += ' ';
    has_gap = false;
    line += c;
  }
  return line;
}

}  // namespace meshproof
