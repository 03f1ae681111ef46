#include "backends/one_line.h"

#include <catch2/catch.hpp>

using namespace meshproof;

TEST_CASE("somebody else's words come in one line") {
  CHECK(in_one_line(" a\n\n b\tc\x1b[31m \n") == "a b c [31m");
  CHECK(in_one_line("").empty());
  CHECK(in_one_line("12345\n", 5) == "12345");
  CHECK(in_one_line("123456", 5) == "12345…");
  CHECK(in_one_line("1234 6", 5) == "1234…");
  CHECK(in_one_line("abcä5", 4) == "abc…");
  CHECK(in_one_line("abä5", 4) == "abä…");
}
