#pragma once

#include <chrono>
#include <string>

namespace meshproof {

/// The only questions that the program puts to a calendar, in UTC. For runs that must repeat
/// SOURCE_DATE_EPOCH, the seconds since 1970, answers them in the place of the clock, and --today
/// the second.
[[nodiscard]] std::chrono::sys_seconds now();
[[nodiscard]] std::string today();        ///< `YYYY-MM-DD`
[[nodiscard]] std::string rfc3339_now();  ///< `YYYY-MM-DDThh:mm:ssZ`

}  // namespace meshproof
