#pragma once

#include <string_view>

namespace meshproof {

/// Whether the text is `YYYY-MM-DD` and names a day of the calendar (the 29th of February only in
/// leap years). Of two such texts the smaller one is the earlier day.
[[nodiscard]] bool is_calendar_day(std::string_view text);

}  // namespace meshproof
