#include "solver/checks/unknown_names.h"

#include <array>

#include <catch2/catch.hpp>

#include "tests/support/yaml.h"

namespace meshproof {

namespace {

constexpr std::string_view kCluster = R"(
apiVersion: v1
kind: Namespace
metadata: {name: istio-system}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {maistra.io/member-of: istio-system}}
)";

using Lines = std::vector<std::string>;

Lines told(const Assertions& assertions, std::string_view other = kCluster) {
  const Snapshot state = snapshot_from(kCluster);
  const Snapshot after = snapshot_from(other);
  Lines lines;
  for (const Diagnostic& each : unknown_names(assertions, std::array{&state, &after})) {
    CHECK(each.severity == Severity::Warning);
    lines.push_back(std::to_string(each.place.line) + " " + each.code + ": " + each.message);
  }
  return lines;
}

}  // namespace

TEST_CASE("names of projects and meshes that are not there are told where they stand, once") {
  Group group;
  group.place.line = 7;
  group.namespace_names = {"shop", "shpo", "nowhere"};
  group.name_places["shpo"].line = 3;
  Assertion assertion;
  assertion.id = "A";
  assertion.from = group;
  assertion.via = group;
  assertion.between = {group};
  assertion.to.member_of = "istio-system";
  assertion.except_to = Group{};
  assertion.except_to->mesh = "istio-sytem";
  assertion.in = Group{};
  assertion.in->not_member_of = "blue";
  CHECK(
      told({{assertion}, {}}) ==
      Lines{"3 unknown-project: there is no project shpo in the input; did you mean shop?",
            "7 unknown-project: there is no project nowhere in the input",
            "0 unknown-mesh: there is no mesh istio-sytem in the input: no control plane, member "
            "roll or project label names it; did you mean istio-system?",
            "0 unknown-mesh: there is no mesh blue in the input: no control plane, member roll or "
            "project label names it"});
}

TEST_CASE("a project that only one of the states has is known") {
  Assertion assertion;
  assertion.from.namespace_names = {"new"};
  CHECK(told({{assertion}, {}}).size() == 1);
  CHECK(
      told({{assertion}, {}}, "apiVersion: v1\nkind: Namespace\nmetadata: {name: new}\n").empty());
}

TEST_CASE("the groups of exceptions are looked at, too") {
  Exception exception;
  exception.to = Group{};
  exception.to->namespace_names = {"shp"};
  CHECK(told({{}, {}, {exception}}).size() == 1);
}

}  // namespace meshproof
