#pragma once

#include <chrono>
#include <string>

namespace meshproof {

/// The only questions that the program puts to a calendar, in UTC. For runs that must repeat
/// SOURCE_DATE_EPOCH, the seconds since 1970, answers them in the place of the clock, and --today
/// the second; where it says no such time (clock_problem()), the clock does.
[[nodiscard]] std::chrono::sys_seconds now();
/// What is wrong with SOURCE_DATE_EPOCH; empty if it is not set, or right: a time until the year
/// 9999.
[[nodiscard]] std::string clock_problem();
[[nodiscard]] std::string today();        ///< `YYYY-MM-DD`
[[nodiscard]] std::string rfc3339_now();  ///< `YYYY-MM-DDThh:mm:ssZ`

}  // namespace meshproof
