#pragma once

#include <string>

namespace meshproof {

/// The day in UTC, `YYYY-MM-DD`: the only question that the program puts to a calendar, and --today
/// answers it for runs that must repeat.
[[nodiscard]] std::string today();

}  // namespace meshproof
