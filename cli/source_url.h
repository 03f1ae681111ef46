#pragma once

#include <string_view>

namespace meshproof {

/// An address to which the path of a file can be added: `https` or `http`, a host, a path; no user,
/// no query, no fragment, nothing that RFC 3986 wants encoded, and at most 2,000 characters.
[[nodiscard]] bool is_source_url(std::string_view text);

}  // namespace meshproof
