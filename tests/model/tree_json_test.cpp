#include "model/tree_json.h"

#include <catch2/catch.hpp>

#include "model/utf8.h"

namespace meshproof {
namespace {

std::string json_of(const Tree& tree, std::size_t indent = 0) {
  std::string out;
  append_json(out, tree, indent);
  return out;
}

TEST_CASE("a tree is written with a field or item to a line, in its order") {
  const Tree tree = Tree::mapping({{"b", Tree::number(8)},
                                   {"a", Tree::sequence({Tree::null(), Tree::boolean(true)})},
                                   {"c", Tree::mapping()},
                                   {"d", Tree::sequence()}});
  CHECK(json_of(tree) ==
        "{\n \"b\": 8,\n \"a\": [\n  null,\n  true\n ],\n \"c\": {},\n \"d\": []\n}");
  CHECK(json_of(Tree::mapping({{"b", Tree::null()}}), 2) == "{\n   \"b\": null\n  }");
}

TEST_CASE("a string is escaped as JSON wants it, and no more") {
  struct Row {
    std::string text;
    std::string json;
  };
  const auto row = GENERATE(values<Row>({
      {"", R"("")"},
      {R"(a"b\c/)", R"("a\"b\\c/")"},
      {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
      {std::string("\0\x1f", 2), R"("\u0000\u001f")"},
      {"\x7f", "\"\x7f\""},
      {"größe €𝄞", "\"größe €𝄞\""},
      {"\xff", "\"\xEF\xBF\xBD\""},
      {"a\xe2\x82", "\"a\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"\xed\xa0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
  }));
  CHECK(json_of(Tree::string(row.text)) == row.json);
}

TEST_CASE("what is no UTF-8 character has no length") {
  CHECK(utf8_length("ax", 1) == 1);
  CHECK(utf8_length("ß", 0) == 2);
  CHECK(utf8_length("€", 0) == 3);
  CHECK(utf8_length("𝄞", 0) == 4);
  const auto text =
      GENERATE(as<std::string>{}, "\x80", "\xc1\x80", "\xe0\x9f\x80", "\xed\xa0\x80",
               "\xf0\x8f\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xc3(");
  CHECK(utf8_length(text, 0) == 0);
}

}  // namespace
}  // namespace meshproof
