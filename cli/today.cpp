#include "cli/today.h"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

namespace meshproof {
namespace {

std::string day_words(std::chrono::sys_days day) {
  const std::chrono::year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace

std::chrono::sys_seconds now() {
  const char* given = std::getenv("SOURCE_DATE_EPOCH");
  const std::string_view text = given == nullptr ? "" : given;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (!text.empty() && error == std::errc{} && end == text.data() + text.size()) {
    return std::chrono::sys_seconds{std::chrono::seconds{seconds}};
  }
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string today() { return day_words(std::chrono::floor<std::chrono::days>(now())); }

std::string rfc3339_now() {
  const std::chrono::sys_seconds time = now();
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::hh_mm_ss clock{time - day};
  return fmt::format("{}T{:02}:{:02}:{:02}Z", day_words(day), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

}  // namespace meshproof
