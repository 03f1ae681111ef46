#include "reports/text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

namespace meshproof {
namespace {

struct Decoded {
  std::uint32_t code = 0;
  std::size_t length = 0;  ///< 0: not UTF-8
};

/// Strict: no overlong forms, no surrogates.
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
  std::uint32_t code = lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0u) != 0x80u) return {};
    code = code << 6 | (byte(i) & 0x3fu);
  }
  constexpr std::array<std::uint32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  if (code < kSmallest[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
  return {code, length};
}

struct CodeRange {
  std::uint32_t from;
  std::uint32_t to;
};

template <std::size_t N>
bool is_in(std::uint32_t code, const std::array<CodeRange, N>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const CodeRange& range) {
    return code >= range.from && code <= range.to;
  });
}

/// C0, DEL, C1; direction marks and overrides, invisible characters, line separators.
constexpr std::array<CodeRange, 9> kUnsafe{{{0, 0x1f},
                                            {0x7f, 0x9f},
                                            {0xad, 0xad},
                                            {0x61c, 0x61c},
                                            {0x200b, 0x200f},
                                            {0x2028, 0x202e},
                                            {0x2060, 0x206f},
                                            {0xfeff, 0xfeff},
                                            {0xe0000, 0xe007f}}};
constexpr std::array<CodeRange, 3> kCombining{{{0x300, 0x36f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}}};
constexpr std::array<CodeRange, 8> kWide{{{0x1100, 0x115f},
                                          {0x2e80, 0xa4cf},
                                          {0xac00, 0xd7a3},
                                          {0xf900, 0xfaff},
                                          {0xfe30, 0xfe6f},
                                          {0xff00, 0xff60},
                                          {0x1f300, 0x1faff},
                                          {0x20000, 0x3fffd}}};

std::string escaped(std::uint32_t code) {
  switch (code) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return code < 0x100 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{:04x}", code);
  }
}

Cell cell_of(std::string_view rest, std::size_t at, std::size_t& length) {
  const Decoded decoded = decode(rest);
  length = std::max<std::size_t>(decoded.length, 1);
  if (decoded.length == 0) {
    const std::string shown = fmt::format("\\x{:02x}", static_cast<std::uint8_t>(rest[0]));
    return {at, shown, shown.size()};
  }
  if (is_in(decoded.code, kUnsafe)) {
    const std::string shown = escaped(decoded.code);
    return {at, shown, shown.size()};
  }
  const std::size_t width = is_in(decoded.code, kCombining) ? 0
                            : is_in(decoded.code, kWide)    ? 2
                                                            : 1;
  return {at, std::string(rest.substr(0, length)), width};
}

}  // namespace

std::vector<Cell> cells(std::string_view text) {
  std::vector<Cell> result;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 0;
    result.push_back(cell_of(text.substr(at), at, length));
    at += length;
  }
  return result;
}

std::string printable(std::string_view text) {
  std::string result;
  for (const Cell& cell : cells(text)) result += cell.shown;
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (const Cell& cell : cells(text)) width += cell.width;
  return width;
}

std::string padded(std::string_view text, std::size_t columns) {
  const std::size_t width = display_width(text);
  return std::string(text) + std::string(width < columns ? columns - width : 0, ' ');
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string result;
  std::size_t column = 0;
  std::size_t start = 0;
  while (start < text.size()) {
    std::size_t end = text.find(' ', text.find_first_not_of(' ', start));
    end = std::min(end, text.size());
    std::string_view word = text.substr(start, end - start);  // with the spaces before it
    const std::size_t columns = display_width(word);
    if (column > indent && column + columns > width) {
      result += '\n' + std::string(indent, ' ');
      column = indent;
      word.remove_prefix(std::min(word.find_first_not_of(' '), word.size()));
    }
    result += word;
    column += display_width(word);
    start = end;
  }
  return result;
}

std::string counted(std::size_t count, std::string_view singular, std::string_view plural) {
  if (count == 1) return fmt::format("1 {}", singular);
  return plural.empty() ? fmt::format("{} {}s", count, singular)
                        : fmt::format("{} {}", count, plural);
}

}  // namespace meshproof
