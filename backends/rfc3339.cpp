#include "backends/rfc3339.h"

#include <ctime>
#include <string>

namespace meshproof {

std::optional<std::chrono::system_clock::time_point> moment_of(std::string_view text) {
  std::tm parts{};
  const std::string whole{text};
  const char* rest = strptime(whole.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr) return std::nullopt;
  if (*rest == '.') {
    ++rest;
    while (*rest >= '0' && *rest <= '9') ++rest;
  }
  std::tm zone{};
  long offset = 0;
  if (*rest == '+' || *rest == '-') {
    const char* end = strptime(rest + 1, "%H:%M", &zone);
    if (end == nullptr || *end != '\0') return std::nullopt;
    offset = (zone.tm_hour * 60L + zone.tm_min) * (*rest == '-' ? -60 : 60);
  } else if (std::string_view(rest) != "Z") {
    return std::nullopt;
  }
  return std::chrono::system_clock::from_time_t(timegm(&parts) - offset);
}

}  // namespace meshproof
