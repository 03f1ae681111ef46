#include "backends/json_tree.h"

#include <catch2/catch.hpp>

#include "model/tree_json.h"

using namespace meshproof;

TEST_CASE("JSON becomes a tree with its order, its numbers and its letters") {
  const auto tree = tree_of_json(
      R"({"z":[1,-2,18446744073709551615,1.50,1e3,true,null],"a":{"ä\n":"\u00e9"},"e":{},"l":[]})");
  REQUIRE(tree);
  CHECK(tree->fields[0].key == "z");
  std::vector<std::string> texts;
  for (const Tree& item : tree->find("z")->items) texts.push_back(item.text);
  CHECK(texts ==
        std::vector<std::string>{"1", "-2", "18446744073709551615", "1.50", "1e3", "true", ""});
  CHECK(tree->find("z")->items[0].as_integer() == 1);
  CHECK(tree->string_at({"a", "ä\n"}) == "é");
  CHECK(tree->find("e")->is(TreeKind::Mapping));
  CHECK(tree->find("l")->is(TreeKind::Sequence));
  CHECK(tree_of_json("\"x\"")->text == "x");
}

TEST_CASE("of a key that stands twice the last one counts") {
  const auto tree = tree_of_json(R"({"a":1,"b":2,"a":{"c":3}})");
  REQUIRE(tree);
  CHECK(tree->fields.size() == 2);
  CHECK(tree->find_path({"a", "c"})->as_integer() == 3);
}

TEST_CASE("what is no JSON is no tree, and neither is what nests too deep") {
  for (const std::string text : {"", "{", "{\"a\":}", "[1,]", "nul", "{} {}", "\"\xff\""}) {
    INFO(text);
    CHECK_FALSE(tree_of_json(text));
  }
  const auto nested = [](std::size_t depth) {
    return tree_of_json(std::string(depth, '[') + std::string(depth, ']'));
  };
  CHECK(nested(256));
  CHECK_FALSE(nested(257));
  CHECK_FALSE(nested(1'000'000));
}
