#pragma once

#include <string>
#include <string_view>

namespace meshproof {

/// A path as a URI reference (RFC 3986): relative paths stay so, absolute ones become `file:` URIs.
[[nodiscard]] std::string source_uri(std::string_view path);

}  // namespace meshproof
