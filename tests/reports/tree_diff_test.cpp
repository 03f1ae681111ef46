#include "reports/tree_diff.h"

#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "model/merge_difference.h"
#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

Tree tree(std::string_view body) {
  return trees_from("apiVersion: v1\nkind: Thing\nmetadata:\n  name: x\n" + std::string(body))
      .front();
}

}  // namespace

TEST_CASE("a change is told in words") {
  struct Row {
    std::string before;
    std::string after;
    std::vector<std::string> words;
  };
  const Row row = GENERATE(values<Row>({
      {"spec: {members: [a]}", "spec: {members: [a, b]}", {"spec.members: + b"}},
      {"spec: {members: [a, b]}", "spec: {members: [b]}", {"spec.members: - a"}},
      {"spec: {members: [a, b]}", "spec: {members: [b, a]}", {"spec.members: another order"}},
      {"netid: 12", "netid: 7", {"netid: 12 → 7"}},
      {"spec: {a: 1}", "spec: {b: x}", {"- spec.a", "+ spec.b=x"}},
      {"spec: {a: 1}", "spec: {a: [{b: 1}]}", {"~ spec.a"}},
      {"spec: {a: 1}", "spec: {a: 1}", {}},
  }));
  DYNAMIC_SECTION(row.before << " to " << row.after) {
    CHECK(difference_words(tree(row.before), tree(row.after)) == row.words);
    CHECK(merge_patch(tree(row.before), merge_difference(tree(row.before), tree(row.after))) ==
          tree(row.after));
  }
}

TEST_CASE("of a long list the first changes are named") {
  CHECK(difference_words(tree("m: [a]"), tree("m: [b, c, d]"), 2) ==
        std::vector<std::string>{"m: - a, + b, 2 more"});
}

TEST_CASE("labels and annotations are known by their keys, server-side fields are left out") {
  Tree before = tree("spec: {}");
  Tree after = before;
  after.mapping_at("metadata")
      .mapping_at("labels")
      .set("maistra.io/member-of", Tree::string("mesh-a"));
  after.mapping_at("metadata").set("generation", Tree::number(2));
  after.mapping_at("metadata").mapping_at("annotations").set("a\x1b", Tree::string(""));
  CHECK(difference_words(before, after) ==
        std::vector<std::string>{"+ maistra.io/member-of=mesh-a", "+ a\\x1b=\"\""});
  CHECK(difference_words(after, before) ==
        std::vector<std::string>{"- metadata.labels", "- metadata.annotations"});
}
