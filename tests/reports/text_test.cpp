#include "reports/text.h"

#include <string>

#include <catch2/catch.hpp>

#include "model/shell.h"

using namespace meshproof;

TEST_CASE("what steers a terminal is shown as an escape") {
  struct Row {
    std::string text;
    std::string shown;
  };
  const Row row = GENERATE(values<Row>({
      {"plain", "plain"},
      {"\x1b[31mred", "\\x1b[31mred"},
      {"two\nlines\r\t", "two\\nlines\\r\\t"},
      {"grüße → 日本", "grüße → 日本"},
      {"\xff\xfe", "\\xff\\xfe"},
      {"\xc0\x80", "\\xc0\\x80"},
      {"a\xe2\x80\xae"
       "b",
       "a\\u202eb"},
      {"\xc2\x9b"
       "1m",
       "\\x9b1m"},
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
      {"\xe2\x82", "\\xe2\\x82"},
  }));
  DYNAMIC_SECTION(row.shown) { CHECK(printable(row.text) == row.shown); }
}

TEST_CASE("columns count what a terminal shows") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("ü") == 1);
  CHECK(display_width("日本") == 4);
  CHECK(display_width("e\xcc\x81") == 1);
  CHECK(display_width("\x1b") == 4);
  CHECK(padded("ü", 3) == "ü  ");
  CHECK(padded("long", 3) == "long");
}

TEST_CASE("lines break at spaces and never inside of a word") {
  CHECK(wrapped("one two three", 7, 2) == "one two\n  three");
  CHECK(wrapped("unbreakable word", 4, 2) == "unbreakable\n  word");
  CHECK(wrapped("  indented text", 80, 4) == "  indented text");
  CHECK(wrapped("", 10, 2).empty());
}

TEST_CASE("a count agrees with its noun") {
  CHECK(counted(1, "pod") == "1 pod");
  CHECK(counted(0, "pod") == "0 pods");
  CHECK(counted(2, "policy", "policies") == "2 policies");
}

TEST_CASE("a word of a shell line is quoted where a shell would read more than a word") {
  CHECK(shell_word("bookinfo") == "bookinfo");
  CHECK(shell_word("maistra.io/member-of=istio-system") == "maistra.io/member-of=istio-system");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("a b") == "'a b'");
  CHECK(shell_word("$(rm -rf /)") == "'$(rm -rf /)'");
  CHECK(shell_word("it's") == "'it'\\''s'");
  CHECK(shell_word("=x") == "'=x'");
  CHECK(shell_word("a;b") == "'a;b'");
  CHECK(shell_word("~root") == "'~root'");
  CHECK(shell_word("a\nb") == "'a\nb'");
}
