#include "reports/yaml.h"

#include <catch2/catch.hpp>

#include "tests/support/yaml.h"

namespace meshproof {

TEST_CASE("what is written as YAML is read as what it was") {
  const auto text =
      GENERATE(as<std::string>{}, "web", "true", "Yes", "off", "~", "null", "010", "1.5", "2.50",
               "0x1f", "1e3", "", " a", "a ", "a: b", "a #b", "- a", "{}", "[x]", "*a", "&a", "!a",
               "%a", "@a", "`a", "a\nb", "a\tb", "\"q\"", "'q'", "a\\b", "é", "istio.io/rev", "y",
               "N", "-", "=", "<<", "12:30:45", "2026-01-01");
  INFO('[' << text << ']');
  Tree tree = Tree::mapping({{"apiVersion", Tree::string("example.com/v1")},
                             {"kind", Tree::string("Example")},
                             {"metadata", Tree::mapping({{"name", Tree::string("a")},
                                                         {"namespace", Tree::string("b")}})}});
  tree.set("spec", Tree::mapping({{text.empty() ? "e" : text, Tree::string(text)}}));
  tree.set("list", Tree::sequence({Tree::string(text), Tree::sequence({Tree::string(text)}),
                                   Tree::mapping({{"k", Tree::string(text)},
                                                  {"l", Tree::strings({text, "b"})}})}));
  tree.set("rest", Tree::sequence({Tree::number(8080), Tree::boolean(true), Tree::null(),
                                   Tree::mapping(), Tree::sequence()}));
  const std::vector<Tree> read = trees_from(yaml_text(tree));
  REQUIRE(read.size() == 1);
  INFO(yaml_text(read.front()));
  CHECK(read.front() == tree);
}

}  // namespace meshproof
