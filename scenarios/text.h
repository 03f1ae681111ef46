#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/diagnostic.h"

namespace meshproof {

/// Of UTF-8.
inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// Makes a file's bytes ready for the parsers: removes a UTF-8 byte order mark. The diagnostic says
/// why they are no text (its place has line and column, but no file): `utf-16` (PowerShell's
/// redirection), `archive` (a packed file, with the command that unpacks it), `not-utf8`,
/// `control-character`. `name` is the file's, for that command. O(length).
[[nodiscard]] std::optional<Diagnostic> check_text(std::string& text, std::string_view name);

/// Replaces what is not UTF-8 by U+FFFD, as the API server does.
[[nodiscard]] std::string replace_bad_utf8(std::string_view bytes);

}  // namespace meshproof
