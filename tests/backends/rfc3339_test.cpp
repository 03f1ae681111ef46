#include "backends/rfc3339.h"

#include <catch2/catch.hpp>

using namespace meshproof;

TEST_CASE("moments are read with their zones") {
  using std::chrono::system_clock;
  const auto at = [](std::string_view text) { return moment_of(text).value(); };
  CHECK(at("1970-01-02T00:00:00Z") == system_clock::from_time_t(86400));
  CHECK(at("2026-11-28T06:30:00.123456Z") == at("2026-11-28T06:30:00Z"));
  CHECK(at("2026-11-28T06:30:00+01:30") == at("2026-11-28T05:00:00Z"));
  CHECK(at("2026-11-28T06:30:00-01:00") == at("2026-11-28T07:30:00Z"));
  for (const std::string_view wrong :
       {"", "2026-11-28", "2026-11-28T06:30:00", "2026-11-28T06:30:00Zx", "2026-11-28T06:30:00+1",
        "tomorrow"}) {
    INFO(wrong);
    CHECK_FALSE(moment_of(wrong));
  }
}
