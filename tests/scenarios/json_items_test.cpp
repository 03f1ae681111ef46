#include "scenarios/json_items.h"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "scenarios/json_blocks.h"

namespace meshproof {
namespace {

constexpr Place kStart{{}, 1, 1};

std::vector<std::string> items_in(std::string_view text) {
  JsonItems found;
  REQUIRE(find_items(text, kStart, found));
  std::vector<std::string> result;
  for (const JsonItem& item : found.items) {
    result.emplace_back(found.text.substr(item.begin, item.end - item.begin));
  }
  return result;
}

using Texts = std::vector<std::string>;

TEST_CASE("the items of an array are found, with what is in them") {
  CHECK(items_in("[]").empty());
  CHECK(items_in("[ \n ]").empty());
  CHECK(items_in("[{}]") == Texts{"{}"});
  CHECK(items_in(R"([{"a":[1,{"b":2}]} , {"c":{}}] tail])") ==
        Texts{R"({"a":[1,{"b":2}]})", R"({"c":{}})"});
}

TEST_CASE("brackets and quotes in strings end nothing") {
  CHECK(items_in(R"([{"a":"}]"},{"b":"\"}"},{"c":"\\"},{"d":"\\\"]"}])") ==
        Texts{R"({"a":"}]"})", R"({"b":"\"}"})", R"({"c":"\\"})", R"({"d":"\\\"]"})"});
}

TEST_CASE("the places of items and of what follows are those that a reader counts") {
  const std::string text = "[\n  {\"a\":\n1}, {\"b\": 2}\n]";
  JsonItems found;
  REQUIRE(find_items(text, {{}, 7, 5}, found));
  REQUIRE(found.items.size() == 2);
  CHECK(found.items[0].place == Place{{}, 8, 3});
  CHECK(found.items[1].place == Place{{}, 9, 5});
  CHECK(found.end == Place{{}, 10, 2});
  CHECK(found.text == text);
  REQUIRE(find_items("[{}, {}]", {{}, 3, 10}, found));
  CHECK(found.items[1].place == Place{{}, 3, 15});
}

TEST_CASE("other arrays than whole ones of mappings are left to who reads them") {
  for (const std::string_view text :
       {"", "{}", "[1]", "[{}", "[{},", "[{},]", "[{} {}]", "[{\"a\":\"]", "[{}, 1]", "[[{}]]",
        "[{\"a\": [}", "[null]"}) {
    JsonItems found;
    CHECK_FALSE(find_items(text, kStart, found));
    CHECK(found.text.empty());
  }
}

TEST_CASE("brackets of any length and depth are passed, wherever blocks of bytes end") {
  for (std::size_t padding = 0; padding < 140; ++padding) {
    const std::string blank(padding, ' ');
    const std::string filler(padding, 'x');
    const std::string item = "{\"" + filler + "\\\\\":[[" + blank + "{\"q\":\"\\\"" + filler +
                             "\\\"}\"}]" + blank + "\n" + blank + "]}";
    const std::string text = "[" + item + "," + blank + item + "]";
    REQUIRE(items_in(text) == Texts{item, item});
    JsonItems found;
    REQUIRE(find_items(text, kStart, found));
    CHECK(found.items[1].place.line == 2);
    CHECK(found.items[1].place.column == 2 * padding + 4);
  }
}

TEST_CASE("blocks know the bytes of a text, and its strings over their borders") {
  const std::string text = R"({"a\"b":["\\",{}]})" + std::string(60, ' ') + "\"\n}";
  JsonStrings strings;
  std::string inside;
  for (std::size_t at = 0; at < text.size(); at += JsonBlock::kBytes) {
    const std::string_view rest = std::string_view{text}.substr(at);
    const JsonBlock block = block_of(rest);
    const std::uint64_t bits = strings.next(block);
    for (std::size_t i = 0; i < JsonBlock::kBytes && i < rest.size(); ++i) {
      const std::uint64_t bit = std::uint64_t{1} << i;
      const char c = rest[i];
      CHECK(((block.quotes & bit) != 0) == (c == '"'));
      CHECK(((block.backslashes & bit) != 0) == (c == '\\'));
      CHECK(((block.opens & bit) != 0) == (c == '{' || c == '['));
      CHECK(((block.closes & bit) != 0) == (c == '}' || c == ']'));
      CHECK(((block.line_ends & bit) != 0) == (c == '\n'));
      inside += (bits & bit) != 0 ? '#' : '.';
    }
  }
  CHECK(inside == ".#####...###" + std::string(66, '.') + "###");
}

}  // namespace
}  // namespace meshproof
