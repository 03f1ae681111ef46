#include "scenarios/base64.h"

#include <cstdint>

namespace meshproof {

std::optional<std::string> decode_base64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t bits = 0;
  std::size_t digits = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    const std::size_t digit = kDigits.find(c);
    if (c == '=') {
      ++padding;
    } else if (digit == std::string_view::npos || padding != 0) {
      return std::nullopt;
    } else {
      bits = bits << 6U | static_cast<std::uint32_t>(digit);
      ++digits;
      if (digits % 4 == 0) {
        for (const unsigned shift : {16U, 8U, 0U}) bytes += static_cast<char>(bits >> shift & 255U);
      }
    }
  }
  if (padding > 2 || (digits + padding) % 4 != 0 || digits % 4 == 1) return std::nullopt;
  if (digits % 4 == 2) bytes += static_cast<char>(bits >> 4U & 255U);
  if (digits % 4 == 3) {
    bytes += static_cast<char>(bits >> 10U & 255U);
    bytes += static_cast<char>(bits >> 2U & 255U);
  }
  return bytes;
}

}  // namespace meshproof
