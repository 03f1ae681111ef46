#pragma once

#include <string_view>

namespace meshproof {

/// RFC 1123 label: lower-case letters, digits and `-`, at most 63 characters.
[[nodiscard]] bool is_dns_label(std::string_view text);
/// RFC 1123 labels joined by dots, at most 253 characters.
[[nodiscard]] bool is_dns_subdomain(std::string_view text);

}  // namespace meshproof
