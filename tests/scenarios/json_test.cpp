#include "scenarios/json.h"

#include <string>

#include <catch2/catch.hpp>

using namespace meshproof;

namespace {

constexpr FileId kFile{0};

Place at(std::uint32_t line, std::uint32_t column) { return {kFile, line, column}; }

}  // namespace

TEST_CASE("every node of a JSON tree knows its line and column") {
  const auto documents =
      parse_json("{\"a\": [1, \"x\\\"]\",\n  true,null, {\"b\":-1.0}],\n \"c\":{}}", kFile);
  REQUIRE(documents.size() == 1);
  const Tree& tree = documents[0].tree;
  const auto& items = tree.find("a")->items;
  REQUIRE(items.size() == 5);
  CHECK(tree.place == at(1, 1));
  CHECK(tree.fields[0].key_place == at(1, 2));
  CHECK(tree.find("a")->place == at(1, 7));
  CHECK(items[0].place == at(1, 8));
  CHECK(items[1].place == at(1, 11));
  CHECK(items[1].text == "x\"]");
  CHECK(items[2].place == at(2, 3));
  CHECK(items[3].place == at(2, 8));
  CHECK(items[4].find("b")->place == at(2, 19));
  CHECK(items[4].find("b")->text == "-1");
  CHECK(tree.find("c")->place == at(3, 6));
}

TEST_CASE("JSON values may follow each other, line by line or not") {
  const auto documents = parse_json("{\"a\":1}{\"a\":2}\n{\"a\":3}\n---\n{\"a\":4}\n", kFile);
  REQUIRE(documents.size() == 4);
  CHECK(documents[3].tree.integer_at({"a"}) == 4);
  CHECK(documents[3].tree.place == at(4, 1));
}

TEST_CASE("a duplicate key of a JSON object is told with both places") {
  const auto documents = parse_json("{\"a\":1,\n\"a\":2}", kFile);
  REQUIRE(documents.at(0).diagnostics.size() == 1);
  CHECK(documents[0].diagnostics[0].code == "duplicate-key");
  CHECK(documents[0].diagnostics[0].place == at(2, 1));
  CHECK(documents[0].diagnostics[0].notes.at(0).place == at(1, 2));
}

TEST_CASE("broken and hostile JSON is refused where it breaks") {
  const auto last = [](const std::string& text) {
    return parse_json(text, kFile).back().diagnostics.at(0);
  };
  CHECK(last("{\"a\":1}\n{\"a\": x}").code == "json-syntax");
  CHECK(last("{\"a\":1}\n{\"a\": x}").place.line == 2);
  CHECK(last("{\"a\": ").message == "the JSON ends in the middle of a value");
  CHECK(last(std::string(1000000, '[')).code == "too-deep");
  CHECK(last(std::string(1000000, '[')).place == at(1, 257));
}

TEST_CASE("what is no JSON is told with what stands there") {
  const auto told = [](const std::string& text) {
    const Diagnostic found = parse_json(text, kFile).back().diagnostics.at(0);
    return std::to_string(found.place.line) + ':' + std::to_string(found.place.column) + ' ' +
           found.message;
  };
  CHECK(told("{\"a\":\n 01}") == "2:2 this is not JSON, at 01");
  CHECK(told("[1,]") == "1:4 this is not JSON, at ]");
  CHECK(told("{\"a\" 1}") == "1:6 this is not JSON, at 1");
  CHECK(told("[\"a\n\"]") == "1:4 a line ends, or a tab stands, inside of a string");
  CHECK(told(R"(["\x"])") == "1:3 this escape in a string is none that JSON has");
  CHECK(told(R"(["\ud800"])") == "1:3 this escape in a string is none that JSON has");
  CHECK(told("[1e400]") == "1:2 the number 1e400 is too large");
  CHECK(told("1,2") == "1:2 this is not JSON, at ,");
  CHECK(told("[\"a") == "1:3 the JSON ends in the middle of a value");
}

TEST_CASE("escapes of JSON strings and keys are characters") {
  const auto documents = parse_json(R"({"\u0041": "\ud83d\ude00 \u00e9\n\/", "A": 1})", kFile);
  CHECK(documents.at(0).tree.fields.at(0).value.text == "\xf0\x9f\x98\x80 \xc3\xa9\n/");
  REQUIRE(documents[0].diagnostics.size() == 1);
  CHECK(documents[0].diagnostics[0].message == "the key \"A\" stands twice in one mapping");
}

TEST_CASE("one of many keys that stands twice is found") {
  std::string text = "{";
  for (int i = 0; i < 40; ++i) text += "\"k" + std::to_string(i) + "\":0,\n";
  const auto documents = parse_json(text + "\"k7\":1}", kFile);
  REQUIRE(documents.at(0).diagnostics.size() == 1);
  CHECK(documents[0].diagnostics[0].place == at(41, 1));
  CHECK(documents[0].diagnostics[0].notes.at(0).place == at(8, 1));
}

TEST_CASE("numbers beyond 64 bits stay numbers") {
  const auto documents = parse_json("[18446744073709551615, 36893488147419103232]", kFile);
  CHECK(documents.at(0).tree.items.at(0).text == "18446744073709551615");
  CHECK(documents.at(0).tree.items.at(1).text == "36893488147419103232");
  CHECK(parse_json("[1e400]", kFile).at(0).diagnostics.size() == 1);
}
