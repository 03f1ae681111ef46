#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace meshproof {

/// One line of CSV (RFC 4180, ended by a line feed): quoted where that is needed. A field that a
/// spreadsheet would take for a formula gets an apostrophe in front; control characters come as
/// escapes.
[[nodiscard]] std::string csv_line(std::initializer_list<std::string_view> fields);

}  // namespace meshproof
