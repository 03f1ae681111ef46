#include "scenarios/json_items.h"

#include <array>
#include <cstdint>
#include <utility>

#include "scenarios/json_string.h"

namespace meshproof {
namespace {

/// What a byte outside of strings means to who only looks for items.
enum class Mark : std::uint8_t { Other, Quote, Open, Close, LineEnd };

constexpr std::array<Mark, 256> marks() {
  std::array<Mark, 256> table{};
  table['"'] = Mark::Quote;
  table['{'] = table['['] = Mark::Open;
  table['}'] = table[']'] = Mark::Close;
  table['\n'] = Mark::LineEnd;
  return table;
}

constexpr std::array<Mark, 256> kMarks = marks();

void end_line(JsonPosition& position, const char* end) {
  ++position.at;
  ++position.line;
  position.line_start = position.at;
  position.at = find_not_blank(position.at, end);
}

void skip_space(JsonPosition& position, const char* end) {
  while (position.at != end) {
    const char c = *position.at;
    if (c == '\n') {
      end_line(position, end);
    } else if (c == ' ' || c == '\t' || c == '\r') {
      ++position.at;
    } else {
      return;
    }
  }
}

/// From the quote that opens to behind the one that closes.
bool pass_string(JsonPosition& position, const char* end) {
  const char* at = position.at + 1;
  while (true) {
    at = find_string_stop(at, end);
    if (at == end) return false;
    if (*at == '"') break;
    if (*at != '\\' || end - at < 2) return false;
    at += 2;
  }
  position.at = at + 1;
  return true;
}

}  // namespace

bool pass_brackets(JsonPosition& position, const char* end) {
  std::size_t depth = 0;
  while (position.at != end) {
    switch (kMarks[static_cast<unsigned char>(*position.at)]) {
      case Mark::Other:
        ++position.at;
        break;
      case Mark::Quote:
        if (!pass_string(position, end)) return false;
        break;
      case Mark::LineEnd:
        end_line(position, end);
        break;
      case Mark::Open:
        ++depth;
        ++position.at;
        break;
      case Mark::Close:
        ++position.at;
        if (--depth == 0) return true;
        break;
    }
  }
  return false;
}

bool find_items(std::string_view text, Place place, JsonItems& found) {
  if (!text.starts_with('[')) return false;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  JsonPosition position{begin + 1, begin - (place.column - 1), place.line};
  const auto offset = [&] { return static_cast<std::size_t>(position.at - begin); };
  const auto is_at = [&](char c) { return position.at != end && *position.at == c; };
  const auto place_here = [&] {
    return Place{place.file, position.line,
                 static_cast<std::uint32_t>(position.at - position.line_start) + 1};
  };
  std::vector<JsonItem> items;
  skip_space(position, end);
  while (is_at('{')) {
    JsonItem item{offset(), 0, place_here()};
    if (!pass_brackets(position, end)) return false;
    item.end = offset();
    items.push_back(item);
    skip_space(position, end);
    if (!is_at(',')) break;
    ++position.at;
    skip_space(position, end);
    if (!is_at('{')) return false;
  }
  if (!is_at(']')) return false;
  ++position.at;
  found = {text.substr(0, offset()), std::move(items), place_here()};
  return true;
}

}  // namespace meshproof
