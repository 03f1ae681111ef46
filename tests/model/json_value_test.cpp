#include "model/json_value.h"

#include <string>

#include <catch2/catch.hpp>

namespace meshproof {
namespace {

TEST_CASE("a JSON value is read with its kinds, escapes and the last of repeated keys") {
  const auto tree = parse_json(
      " {\"b\": [1, -0.5e+3, true, false, null], \"a\": \"x\\n\\u00e4\\ud83d\\ude00\\ud83d\","
      " \"b\": {}} ");
  REQUIRE(tree);
  CHECK(tree->find("b")->is(TreeKind::Mapping));
  CHECK(tree->string_at({"a"}) == "x\n\u00e4\U0001F600\ufffd");
  const auto list = parse_json("[1, -0.5e+3, true, false, null, \"\\\"\\\\\\/\"]");
  REQUIRE(list);
  REQUIRE(list->items.size() == 6);
  CHECK(list->items[0].as_integer() == 1);
  CHECK(list->items[1].text == "-0.5e+3");
  CHECK(list->items[2].text == "true");
  CHECK(list->items[3].is(TreeKind::Boolean));
  CHECK(list->items[4].is_null());
  CHECK(list->items[5].text == "\"\\/");
  CHECK(parse_json("[]")->items.empty());
}

TEST_CASE("what is no JSON value gives none") {
  for (const char* text :
       {"",     " ",      "[",    "[1,]", "[1 2]", "{\"a\"}", "{\"a\":1,}",  "{a: 1}",
        "[] x", "01",     "1.",   "-",    "1e",    "\"\\x\"", "\"\\u12g4\"", "\"\\ud83d\\u1\"",
        "\"a",  "\"\n\"", "\"\\", "tru",  "'a'",   "[, {}]"}) {
    INFO(text);
    CHECK_FALSE(parse_json(text));
  }
  CHECK(parse_json(std::string(60, '[') + std::string(60, ']')));
  CHECK_FALSE(parse_json(std::string(100'000, '[')));
}

}  // namespace
}  // namespace meshproof
