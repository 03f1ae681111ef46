#include "cli/today.h"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace meshproof {
namespace {

std::string day_words(std::chrono::sys_days day) {
  const std::chrono::year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string_view given_time() {
  const char* given = std::getenv("SOURCE_DATE_EPOCH");
  return given == nullptr ? "" : given;
}

std::optional<std::chrono::sys_seconds> time_of(std::string_view text) {
  constexpr std::chrono::sys_seconds kEnd = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1};
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  const std::chrono::sys_seconds time{std::chrono::seconds{seconds}};
  return time < kEnd ? std::optional{time} : std::nullopt;
}

}  // namespace

std::chrono::sys_seconds now() {
  if (const auto given = time_of(given_time()); given) return *given;
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string clock_problem() {
  const std::string_view text = given_time();
  if (text.empty() || time_of(text)) return {};
  return fmt::format("'{}' is not a number of seconds since 1970, until the year 9999", text);
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
