#include "model/calendar.h"

#include <catch2/catch.hpp>

using namespace meshproof;

TEST_CASE("a day of the calendar has four, two and two digits") {
  CHECK(is_calendar_day("2026-12-31"));
  CHECK(is_calendar_day("2024-02-29"));
  CHECK(is_calendar_day("2000-02-29"));
  CHECK_FALSE(is_calendar_day("2026-02-29"));
  CHECK_FALSE(is_calendar_day("1900-02-29"));
  CHECK_FALSE(is_calendar_day("2026-02-30"));
  CHECK_FALSE(is_calendar_day("2026-13-01"));
  CHECK_FALSE(is_calendar_day("2026-00-10"));
  CHECK_FALSE(is_calendar_day("2026-04-31"));
  CHECK_FALSE(is_calendar_day("2026-4-01"));
  CHECK_FALSE(is_calendar_day("31-12-2026"));
  CHECK_FALSE(is_calendar_day("2026-12-31T00:00:00Z"));
  CHECK_FALSE(is_calendar_day("-026-12-31"));
  CHECK_FALSE(is_calendar_day(""));
}
