#include "scenarios/yaml.h"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

#include "scenarios/yaml_chunks.h"

using namespace meshproof;

namespace {

constexpr FileId kFile{0};

std::vector<Tree> trees_of(std::string_view text) {
  std::vector<Tree> trees;
  for (const Document& document : parse_yaml(text, kFile)) {
    CHECK(document.diagnostics.empty());
    if (!document.tree.is_null()) trees.push_back(document.tree);
  }
  return trees;
}

Place at(std::uint32_t line, std::uint32_t column) { return {kFile, line, column}; }

std::string code_of(std::string_view text) {
  for (const Document& document : parse_yaml(text, kFile)) {
    if (!document.diagnostics.empty()) return document.diagnostics.front().code;
  }
  return {};
}

std::string message_of(std::string_view text) {
  for (const Document& document : parse_yaml(text, kFile)) {
    if (!document.diagnostics.empty()) return document.diagnostics.front().message;
  }
  return {};
}

}  // namespace

TEST_CASE("every node of a YAML tree knows its line and column") {
  const auto trees = trees_of("# c\n---\na:\n  - b: 1\n    c: \"x\"\n--- # next\nd: e\n");
  REQUIRE(trees.size() == 2);
  CHECK(trees[0].place == at(3, 1));
  const Tree& item = trees[0].find("a")->items.at(0);
  CHECK(item.place == at(4, 5));
  CHECK(item.find("b")->place == at(4, 8));
  CHECK(item.fields[1].key_place == at(5, 5));
  CHECK(trees[1].find("d")->place == at(7, 4));
}

TEST_CASE("carriage returns do not shift columns or stick to values") {
  const auto trees = trees_of("a: x\r\nb:\r\n  c: yes\r\n");
  REQUIRE(trees.size() == 1);
  CHECK(trees[0].find("a")->text == "x");
  CHECK(trees[0].find_path({"b", "c"})->place == at(3, 6));
  CHECK(trees[0].boolean_at({"b", "c"}) == true);
}

TEST_CASE("empty documents, comments, end markers and directives are no documents") {
  CHECK(trees_of("").empty());
  CHECK(trees_of("# only a comment\n").empty());
  CHECK(trees_of("---\n---\n# x\n...\n---\n").empty());
  const auto trees = trees_of("%YAML 1.1\n---\na: b\n...\n%YAML 1.1\n# y\n---\nc: d\n---\n");
  REQUIRE(trees.size() == 2);
  CHECK(trees[1].find("c")->place == at(8, 4));
}

TEST_CASE("quoted and block scalars are strings whatever they hold") {
  const Tree tree = trees_of("a: \"true\"\nb: '010'\nc: |\n  yes\nd: !!str 5\ne: 5\n").at(0);
  CHECK(tree.string_at({"a"}) == "true");
  CHECK(tree.string_at({"b"}) == "010");
  CHECK(tree.string_at({"c"}) == "yes\n");
  CHECK(tree.string_at({"d"}) == "5");
  CHECK(tree.integer_at({"e"}) == 5);
}

TEST_CASE("aliases and merge keys are expanded, the mapping's own fields win") {
  const Tree tree = trees_of(
                        "a: &a {p: 1, q: 2}\nb: &b {q: 3, r: 4}\nc:\n  p: 9\n  <<: [*a, *b]\n"
                        "d: *a\ne: {<<: *b}\nf: {\"<<\": x}\n")
                        .at(0);
  CHECK(tree.integer_at({"c", "p"}) == 9);
  CHECK(tree.integer_at({"c", "q"}) == 2);
  CHECK(tree.integer_at({"c", "r"}) == 4);
  CHECK(tree.find("c")->fields.size() == 3);
  CHECK(*tree.find("d") == *tree.find("a"));
  CHECK(tree.integer_at({"e", "r"}) == 4);
  CHECK(tree.string_at({"f", "<<"}) == "x");
}

TEST_CASE("binary values are decoded") {
  CHECK(trees_of("a: !!binary aGk=\n").at(0).string_at({"a"}) == "hi");
  CHECK(message_of("a: !!binary a?\n") == "!!binary needs base64");
}

TEST_CASE("a duplicate key is told with both places, far apart too") {
  std::string text = "a: 1\n";
  for (int i = 0; i < 100; ++i) text += 'k' + std::to_string(i) + ": v\n";
  const auto documents = parse_yaml(text + "a: 2\n", kFile);
  REQUIRE(documents.size() == 1);
  REQUIRE(documents[0].diagnostics.size() == 1);
  const Diagnostic& told = documents[0].diagnostics[0];
  CHECK(told.code == "duplicate-key");
  CHECK(told.message == "the key \"a\" stands twice in one mapping");
  CHECK(told.place == at(102, 1));
  REQUIRE(told.notes.size() == 1);
  CHECK(told.notes[0].place == at(1, 1));
}

TEST_CASE("a broken document does not hide the others") {
  const auto documents = parse_yaml("a: [1\n---\nb: 2\n---\nc: \"x\n---\nd: 4\n", kFile);
  REQUIRE(documents.size() == 4);
  CHECK(has_errors(documents[0].diagnostics));
  CHECK(documents[1].tree.integer_at({"b"}) == 2);
  CHECK(has_errors(documents[2].diagnostics));
  CHECK(documents[3].tree.integer_at({"d"}) == 4);
}

TEST_CASE("what YAML refuses is refused in plain words") {
  struct Row {
    const char* text;
    const char* code;
    const char* message;
  };
  const auto row = GENERATE(values<Row>({
      {"a: b: c\n", "yaml-syntax",
       "a ':' where no key can be: quote the value, or check the indentation"},
      {"a: b\n\tc: d\n", "yaml-syntax", "a tab indents this line: YAML indents with spaces"},
      {"a:\n \tb: c\n", "yaml-syntax", "a tab indents this line: YAML indents with spaces"},
      {"a: [1\n", "yaml-syntax", "this [ is never closed"},
      {"a: \"x\n", "yaml-syntax", "a quoted string runs into the end of the document"},
      {"a: \"x", "yaml-syntax", "a quoted string runs into the end of the document"},
      {"]", "yaml-syntax", "a bracket is closed that was never opened"},
      {"a: b\nspe", "yaml-syntax",
       "a key without ':': check the indentation, or whether the text is cut off here"},
      {"a:\n  b: c\n  &d e\n", "yaml-syntax",
       "a key without ':': check the indentation, or whether the text is cut off here"},
      {"a: b\n\xef\xbb\xbf"
       "c: d\n",
       "yaml-syntax",
       "a byte order mark inside of a document: texts that have one each were put together"},
      {"- a\nb: c\n", "yaml-syntax",
       "something that is not part of the document above: check the indentation"},
      {"{a: b}\nc: [\n", "yaml-syntax",
       "something that is not part of the document above: check the indentation"},
      {"a: @x\n", "yaml-syntax", "a character that begins no value: quote it"},
      {"a: *x\n", "yaml-syntax", "an alias for an anchor that is not defined before it"},
      {"a: \"\\q\"\n", "yaml-syntax", "an unknown escape in a double-quoted string"},
      {"a: &x [*x]\n", "recursive-alias", "this alias stands inside of what it is an alias for"},
      {"? [a]\n: b\n", "complex-key", "a key must be a string, not a mapping or a sequence"},
      {"~: b\n", "complex-key", "a key must be a string, not null"},
      {"a: {<<: x}\n", "merge-key", "<< needs a mapping, or a sequence of mappings"},
      {"a: !secret x\n", "custom-tag",
       "the tag !secret has no meaning in a manifest: leave it out"},
      {"a: !!int x\n", "scalar-tag", "\"x\" is no !!int"},
      {"a: !!int 1.5\n", "scalar-tag", "\"1.5\" is no !!int"},
      {"a: !!float x\n", "scalar-tag", "\"x\" is no !!float"},
      {"a: !!bool 1\n", "scalar-tag", "\"1\" is no !!bool"},
      {"a: !!null 0\n", "scalar-tag", "\"0\" is no !!null"},
      {"a: !!binary \"?\"\n", "scalar-tag", "!!binary needs base64"},
      {"a: .inf\n", "number-not-json",
       ".inf is a number that JSON cannot write: quote it, \".inf\""},
      {"on: x\n", "key-not-string", "the key on is read as \"true\": quote it"},
      {"a: y\n", "ambiguous-scalar",
       "y is a boolean to kubectl, here it is the letter: quote it, \"y\""},
  }));
  CAPTURE(row.text);
  CHECK(code_of(row.text) == row.code);
  CHECK(message_of(row.text) == row.message);
}

TEST_CASE("aliases that unfold without end are refused") {
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 20; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += 'a' + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) bomb += (k == 0 ? "" : ",") + before;
    bomb += "]\n";
  }
  CHECK(code_of(bomb) == "alias-bomb");
  CHECK(message_of(bomb) == "the aliases of this file unfold to more than 64 MB");
}

TEST_CASE("deep nesting is refused, by aliases too") {
  const auto nested = [](std::size_t depth, const std::string& inside) {
    std::string text(depth, '[');
    text += inside;
    return text.append(depth, ']');
  };
  CHECK(code_of("a: " + nested(300, "")) == "too-deep");
  CHECK(message_of(nested(300, "")) == "nested deeper than 256 levels");
  const std::string chain = "- &a " + nested(200, "x") + "\n- " + nested(100, "*a") + "\n";
  CHECK(code_of(chain) == "too-deep");
}

namespace {

constexpr std::size_t kItems = 12000;

/// A list as kubectl writes it, long enough to be read in parts.
std::string long_list(const std::string& odd_item, const std::string& tail) {
  std::string text = "# exported\napiVersion: v1\nitems:\n";
  for (std::size_t i = 0; i < kItems; ++i) {
    text += "- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: p" + std::to_string(i) + "\n";
    if (i % 1000 == 7) text += "# a comment\n\n  note: |\n   - not an item\n   items:\n";
    if (i == kItems / 2) text += odd_item;
  }
  return text + tail;
}

}  // namespace

TEST_CASE("a long list is what its parts say, at their places") {
  const std::string text = long_list("  on: y\n", "kind: List\nmetadata: {}\n");
  const auto documents = parse_yaml("a: b\n---\n" + text + "---\nc: d\n", kFile);
  REQUIRE(documents.size() == 3);
  const Tree& tree = documents[1].tree;
  REQUIRE(tree.find("items")->items.size() == kItems);
  CHECK(tree.string_at({"kind"}) == "List");
  CHECK(tree.fields.size() == 4);
  CHECK(tree.find("items")->place == at(6, 1));
  const std::uint32_t end = tree.find("kind")->place.line;
  CHECK(end == 1 + std::ranges::count(text, '\n'));
  const Tree& last = tree.find("items")->items.back();
  CHECK(last.string_at({"metadata", "name"}) == "p11999");
  CHECK(last.place == at(end - 4, 3));
  CHECK(tree.find("items")->items[7].string_at({"note"}) == "- not an item\nitems:\n");
  REQUIRE(documents[1].diagnostics.size() == 2);
  CHECK(documents[1].diagnostics[0].code == "key-not-string");
  CHECK(documents[1].diagnostics[1].code == "ambiguous-scalar");
  CHECK(documents[2].tree.string_at({"c"}) == "d");
}

TEST_CASE("a long list may end with its items") {
  const std::string text = long_list("", "");
  const auto list = split_list({text}, 1000);
  REQUIRE(list.has_value());
  CHECK(list->head.text.ends_with("items:\n"));
  CHECK(list->tail.text.empty());
  CHECK(list->items.size() > 100);
  const auto documents = parse_yaml(text, kFile);
  REQUIRE(documents.size() == 1);
  CHECK(documents[0].diagnostics.empty());
  CHECK(documents[0].tree.find("items")->items.size() == kItems);
}

TEST_CASE("a long list that does not fall into parts is read as one") {
  const auto only = [](const std::string& text) {
    auto documents = parse_yaml(text, kFile);
    REQUIRE(documents.size() == 1);
    return std::move(documents.front());
  };
  const auto refusal = [&](const std::string& text) {
    const Document document = only(text);
    REQUIRE(document.diagnostics.size() == 1);
    return document.diagnostics.front().code;
  };
  SECTION("an alias of another part") {
    const Document document = only(long_list("  far: &far 7\n", "kind: *far\n"));
    CHECK(document.diagnostics.empty());
    CHECK(document.tree.integer_at({"kind"}) == 7);
  }
  SECTION("a key before and behind the items") {
    CHECK(refusal(long_list("", "apiVersion: v2\n")) == "duplicate-key");
  }
  SECTION("a second list of items") {
    CHECK(refusal(long_list("", "items:\n- a\n")) == "duplicate-key");
  }
  SECTION("a mistake inside") {
    CHECK(refusal(long_list("  x: \"y\n", "kind: List\n")) == "yaml-syntax");
  }
  SECTION("a first item that is indented") {
    std::string text = long_list("", "");
    text.insert(text.find("- "), " - a: b\n");
    CHECK(refusal(text) == "yaml-syntax");
  }
  SECTION("a word at the end of an item") {
    CHECK(refusal(long_list("  word\n", "kind: List\n")) == "yaml-syntax");
  }
  SECTION("a byte order mark behind the items") {
    CHECK(refusal(long_list("", "\xef\xbb\xbfkind: List\n")) == "yaml-syntax");
  }
  SECTION("a directive behind the items") {
    CHECK(refusal(long_list("", "%YAML 1.2\nkind: List\n")) == "yaml-syntax");
  }
  SECTION("merge keys before and behind the items") {
    std::string text = long_list("", "<<: {}\n");
    text.insert(0, "<<: {}\n");
    CHECK(refusal(text) == "duplicate-key");
  }
  SECTION("an anchor behind the items") {
    CHECK(refusal(long_list("", "&x\nkind: List\n")) == "yaml-syntax");
  }
  SECTION("a quoted string over several lines") {
    const Document document = only(long_list("  x: \"y\n- z\"\n", "kind: List\n"));
    CHECK(document.tree.find("items")->items.size() == kItems);
  }
}
