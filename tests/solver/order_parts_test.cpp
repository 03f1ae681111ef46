#include <catch2/catch.hpp>

#include "model/project.h"
#include "solver/moments/change_parts.h"
#include "solver/moments/label_words.h"
#include "solver/moments/level_search.h"
#include "tests/model/mesh_scene.h"
#include "tests/support/yaml.h"

/// What safe orders are made of: SEMANTICS B2, B3, B6.
namespace meshproof {

namespace {

using Kind = ChangePart::Kind;

std::vector<std::string> names_on_roll(const ChangeStep& step) {
  const auto* patch = std::get_if<PatchObject>(&step.edit);
  REQUIRE(patch != nullptr);
  std::vector<std::string> names;
  for (const Tree& name : patch->merge.find_path({"spec", "members"})->items) {
    names.push_back(name.text);
  }
  return names;
}

LabelSelector selector(std::vector<LabelRequirement> requirements) {
  return {std::move(requirements), {}};
}

}  // namespace

TEST_CASE("an edit of a roll falls into projects, and other edits stay whole") {
  const ObjectStore before = objects_from(mesh_manifests());
  const Change change = change_of(
      {{members({"shop", "pay"}), remove("NetworkPolicy", "shop", "own"), note("nothing")},
       {members({"shop", "old"})}});
  std::vector<ChangePart> parts = parts_of(before, change);
  // A phase with an event outside of the API is not split.
  REQUIRE(parts.size() == 5);
  CHECK(parts[0].kind == Kind::Whole);
  CHECK(parts[1].ns == "shop");
  CHECK(parts[3].kind == Kind::Leave);
  CHECK(parts[3].ns == "pay");
  CHECK(parts[4].kind == Kind::Join);
  CHECK(parts[4].ns == "old");

  const Change plain = change_of({{members({"shop", "pay"})}});
  parts = parts_of(before, plain);
  REQUIRE(parts.size() == 3);
  const Change split = in_levels(before, plain, parts, {1, 0, 2});
  REQUIRE(split.phases.size() == 3);
  CHECK(names_on_roll(split.phases[0].steps.at(0)) == std::vector<std::string>{"old", "shop"});
  CHECK(names_on_roll(split.phases[1].steps.at(0)) == std::vector<std::string>{"shop"});
  CHECK(names_on_roll(split.phases[2].steps.at(0)) == std::vector<std::string>{"shop", "pay"});
}

TEST_CASE("rolls that say more than names are not split") {
  const ObjectStore before = objects_from(mesh_manifests());
  for (const char* spec : {"{members: ['*']}", "{members: [a, a]}", "{members: [1]}",
                           "{members: [a], memberSelectors: [{}]}", "{members: {a: b}}"}) {
    INFO(spec);
    const Change change = change_of(
        {{patch("ServiceMeshMemberRoll", "mesh", "default", std::string{"{spec: "} + spec + "}")}});
    const std::vector<ChangePart> parts = parts_of(before, change);
    REQUIRE(parts.size() == 1);
    CHECK(parts[0].kind == Kind::Whole);
  }
}

TEST_CASE("levels are as few as the clauses allow") {
  CHECK(fewest_levels({3, {}, {}}, 100).levels == std::vector<std::size_t>{0, 0, 0});
  CHECK(fewest_levels({3, {}, {{{1, 0}}, {{0, 2}, {2, 0}}}}, 1000).levels ==
        std::vector<std::size_t>{1, 0, 0});
  CHECK(fewest_levels({3, {{0, 1}}, {{{1, 2}}, {{0, 1}, {2, 0}}}}, 1000).levels ==
        std::vector<std::size_t>{0, 1, 2});
  const LevelAnswer circle = fewest_levels({2, {}, {{{0, 1}}, {{1, 0}}}}, 1000);
  CHECK_FALSE(circle.levels.has_value());
  CHECK_FALSE(circle.was_cut);
  CHECK_FALSE(fewest_levels({1, {}, {{}}}, 1000).levels.has_value());
  CHECK(fewest_levels({2, {}, {{{0, 1}}, {{1, 0}}}}, 2).was_cut);
}

TEST_CASE("selectors are joined and complemented in words") {
  SymbolTable symbols;
  const Symbol app = symbols.intern("app");
  const Symbol tier = symbols.intern("tier");
  const Symbol web = symbols.intern("web");
  const Symbol api = symbols.intern("api");
  const LabelWords either = words_of(
      selector({{app, LabelOperator::In, {web, api}}, {app, LabelOperator::Exists, {}}}), symbols);
  CHECK(either == LabelWords{{"app", LabelOperator::In, {"api", "web"}}});
  const LabelWords not_web = words_of(selector({{app, LabelOperator::NotIn, {web}}}), symbols);
  CHECK(both_of(either, not_web) == LabelWords{{"app", LabelOperator::In, {"api"}}});
  const LabelWords none = words_of(selector({{app, LabelOperator::DoesNotExist, {}}}), symbols);
  CHECK_FALSE(both_of(either, none).has_value());
  CHECK(both_of(not_web, none) == none);

  const LabelWords two = words_of(
      selector({{app, LabelOperator::In, {web}}, {tier, LabelOperator::Exists, {}}}), symbols);
  const std::vector<LabelWords> others = others_of(two);
  REQUIRE(others.size() == 2);
  CHECK(others[0] == LabelWords{{"app", LabelOperator::NotIn, {"web"}}});
  CHECK(others[1] ==
        LabelWords{{"app", LabelOperator::In, {"web"}}, {"tier", LabelOperator::DoesNotExist, {}}});
  CHECK(others_of({}).empty());
}

}  // namespace meshproof
