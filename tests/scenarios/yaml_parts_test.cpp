#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "scenarios/yaml.h"
#include "tests/scenarios/same_documents.h"

namespace meshproof {
namespace {

using Rows = std::array<std::string_view, 40>;

/// What may stand before and behind the items: what kubectl writes, and what means another thing at
/// the beginning of a stream, in a mapping, or below an open bracket.
constexpr Rows kAtEdge{"apiVersion: v1",
                       "kind: List",
                       "metadata: {}",
                       "items: x",
                       "items:",
                       "word",
                       "a: b: c",
                       "a: |",
                       "b: >+",
                       "c: \"x",
                       "d: 'x",
                       "e: [a,",
                       "f: {a: b,",
                       "g: &x 1",
                       "h: *x",
                       "<<: {a: b}",
                       "<<: {}",
                       "? a",
                       ": b",
                       "&x",
                       "&y kind: z",
                       "!!str k: v",
                       "%YAML 1.1",
                       "# c",
                       "",
                       "]",
                       "\"q\": r",
                       "kind: x\r",
                       "k: v\rl: w",
                       "-",
                       "-x: y",
                       "---",
                       "...",
                       "--- a: b",
                       "\xef\xbb\xbfk: v",
                       "\tx: y",
                       " x: y",
                       "  - z",
                       "x\" : y",
                       "' : x"};

constexpr Rows kAmongItems{
    "- kind: Pod", "- kind: Job", "- a: |",   "- |",      "- >-",    "- |+",  "-",
    "- ",          "- &x a: b",   "- *x",     "- <<: *x", "- \"x",   "- 'y",  "- [",
    "- {",         "- - a",       "- ? a",    "- : b",    "- !!str", "- # c", "  b: c",
    "  b: |",      "   text",     "  text",   " text",    "",        "# c",   "  # c",
    "  - d",       "  items:",    "  b: \"x", "  y\"",    "  b: *x", "  ]",   "\tb: c",
    "- k: v\r",    "-  x: y",     "- |2",     "x\"",      "- z'"};

std::string some_of(const Rows& rows, std::size_t most) {
  std::string text;
  for (auto left = *rc::gen::inRange<std::size_t>(0, most + 1); left != 0; --left) {
    text += rows.at(*rc::gen::inRange<std::size_t>(0, rows.size()));
    text += '\n';
  }
  return text;
}

std::string some_list() {
  const std::string head = some_of(kAtEdge, 2);
  const std::string items = some_of(kAmongItems, 5) + "- kind: Pod\n";
  std::string text = head + "items:\n" + items + some_of(kAtEdge, 3);
  if (*rc::gen::arbitrary<bool>()) text.pop_back();
  return text;
}

}  // namespace

TEST_CASE("a list is read alike as a whole and item by item") {
  constexpr int kListsAtOnce = 30;
  constexpr std::size_t kOneItem = 1;
  const bool holds = rc::check("a list is the same in parts", [] {
    for (int i = 0; i < kListsAtOnce; ++i) {
      const std::string text = some_list();
      if (are_same(parse_yaml(text, FileId{}), parse_yaml(text, FileId{}, kOneItem))) continue;
      RC_FAIL(text);
    }
  });
  CHECK(holds);
}

}  // namespace meshproof
