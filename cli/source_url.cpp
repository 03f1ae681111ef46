#include "cli/source_url.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace meshproof {
namespace {

constexpr std::size_t kLongest = 2000;

bool is_one_of(char character, std::string_view others) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 ||
         others.find(character) != std::string_view::npos;
}

bool is_hexadecimal(char character) {
  return std::isxdigit(static_cast<unsigned char>(character)) != 0;
}

bool is_path(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const bool is_code =
          i + 2 < text.size() && is_hexadecimal(text[i + 1]) && is_hexadecimal(text[i + 2]);
      if (!is_code) return false;
    } else if (!is_one_of(text[i], "-._~!$&'()*+,;=:@/")) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool is_source_url(std::string_view text) {
  if (text.size() > kLongest) return false;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!text.starts_with(scheme)) continue;
    const std::string_view rest = text.substr(scheme.size());
    const std::string_view host = rest.substr(0, rest.find('/'));
    // Brackets and colons: an IPv6 address, a port.
    const bool is_host = !host.empty() && std::ranges::all_of(host, [](char character) {
      return is_one_of(character, "-._:[]");
    });
    return is_host && is_path(rest.substr(host.size()));
  }
  return false;
}

}  // namespace meshproof
