#include "scenarios/json_string.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <system_error>

namespace meshproof {
namespace {

constexpr std::size_t kWord = sizeof(std::uint64_t);

constexpr std::uint64_t all_bytes(unsigned char byte) { return 0x0101010101010101U * byte; }

constexpr std::uint64_t kHighBits = all_bytes(0x80);

std::uint64_t word_at(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, kWord);
  return word;
}

/// The high bit of the lowest byte that is below `limit` (at most 0x80) is the lowest bit set;
/// those of bytes above it may be wrong.
constexpr std::uint64_t below(std::uint64_t word, unsigned char limit) {
  return (word - all_bytes(limit)) & ~word & kHighBits;
}

/// The number of bytes below the lowest bit, where the lowest byte of a word stands first in
/// memory.
std::size_t first_byte(std::uint64_t bits) {
  return static_cast<std::size_t>(std::countr_zero(bits)) / 8;
}

constexpr bool kIsLittle = std::endian::native == std::endian::little;

bool is_string_stop(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

std::optional<std::uint32_t> hex4(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + 4, value, 16);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + 4) return std::nullopt;
  return value;
}

constexpr bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
constexpr bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

void append_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0U | point >> 6U);
    put(0x80U | (point & 0x3fU));
  } else if (point < 0x10000) {
    put(0xe0U | point >> 12U);
    put(0x80U | (point >> 6U & 0x3fU));
    put(0x80U | (point & 0x3fU));
  } else {
    put(0xf0U | point >> 18U);
    put(0x80U | (point >> 12U & 0x3fU));
    put(0x80U | (point >> 6U & 0x3fU));
    put(0x80U | (point & 0x3fU));
  }
}

constexpr std::string_view kEscapes = "\"\\/bfnrt";
constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";

}  // namespace

const char* find_string_stop(const char* at, const char* end) {
  while (kIsLittle && end - at >= static_cast<std::ptrdiff_t>(kWord)) {
    const std::uint64_t word = word_at(at);
    const std::uint64_t stops =
        below(word, 0x20) | below(word ^ all_bytes('"'), 1) | below(word ^ all_bytes('\\'), 1);
    if (stops != 0) return at + first_byte(stops);
    at += kWord;
  }
  while (at != end && !is_string_stop(*at)) ++at;
  return at;
}

const char* find_not_blank(const char* at, const char* end) {
  while (kIsLittle && end - at >= static_cast<std::ptrdiff_t>(kWord)) {
    const std::uint64_t differing = word_at(at) ^ all_bytes(' ');
    if (differing != 0) return at + first_byte(differing);
    at += kWord;
  }
  while (at != end && *at == ' ') ++at;
  return at;
}

std::size_t json_escape_length(std::string_view text) {
  if (text.size() < 2) return 0;
  if (text[1] != 'u') return kEscapes.find(text[1]) == std::string_view::npos ? 0 : 2;
  const auto unit = hex4(text.substr(2));
  if (!unit || is_low_surrogate(*unit)) return 0;
  if (!is_high_surrogate(*unit)) return 6;
  if (!text.substr(6).starts_with("\\u")) return 0;
  const auto low = hex4(text.substr(8));
  return low && is_low_surrogate(*low) ? 12 : 0;
}

std::string unescape_json(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('\\'), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const std::size_t length = json_escape_length(text);
    if (length == 2) {
      out += kMeanings[kEscapes.find(text[1])];
    } else {
      std::uint32_t point = hex4(text.substr(2)).value_or(0);
      if (length == 12) {
        point = 0x10000 + ((point - 0xd800) << 10U) + (hex4(text.substr(8)).value_or(0) - 0xdc00);
      }
      append_utf8(out, point);
    }
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace meshproof
