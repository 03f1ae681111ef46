#include "scenarios/json_items.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

#include "scenarios/json_blocks.h"
#include "scenarios/json_string.h"

namespace meshproof {
namespace {

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

/// The bits below one.
constexpr std::uint64_t below(std::uint64_t bit) { return bit - 1; }

void count_lines(std::uint64_t line_ends, JsonPosition& position) {
  if (line_ends == 0) return;
  position.line += static_cast<std::uint32_t>(std::popcount(line_ends));
  position.line_start = position.at + std::bit_width(line_ends);
}

}  // namespace

bool pass_brackets(JsonPosition& position, const char* end) {
  JsonStrings strings;
  std::size_t depth = 0;
  while (position.at < end) {
    const std::string_view rest{position.at, end};
    const JsonBlock block = block_of(rest);
    const std::uint64_t outside = ~strings.next(block);
    std::uint64_t opens = block.opens & outside;
    std::uint64_t closes = block.closes & outside;
    // Only where so many brackets close has it to be known which of them is the last one.
    if (depth <= static_cast<std::size_t>(std::popcount(closes))) {
      for (; closes != 0; closes &= closes - 1) {
        const std::uint64_t close = closes & (~closes + 1);
        depth += static_cast<std::size_t>(std::popcount(opens & below(close)));
        opens &= ~below(close);
        if (--depth > 0) continue;
        count_lines(block.line_ends & below(close), position);
        position.at += std::countr_zero(close) + 1;
        return true;
      }
    }
    depth += static_cast<std::size_t>(std::popcount(opens));
    depth -= static_cast<std::size_t>(std::popcount(closes));
    count_lines(block.line_ends, position);
    position.at += std::min(rest.size(), JsonBlock::kBytes);
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
