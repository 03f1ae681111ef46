#pragma once

#include <string>
#include <string_view>

#include "model/source_line.h"

namespace meshproof {

/// A path as a URI reference (RFC 3986): relative paths stay so, absolute ones become `file:` URIs.
[[nodiscard]] std::string source_uri(std::string_view path);
/// The page that shows a line of a file with a relative path, where `folder` is the address of the
/// folder in which paths begin: `https://github.com/org/repo/blob/SHA/apps/web.yaml#L21`.
[[nodiscard]] std::string source_address(std::string_view folder, const SourceLine& line);

}  // namespace meshproof
