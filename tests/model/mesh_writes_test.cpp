// What a write stores besides what was asked for: fields that the writer's types leave out, and
// values that the API server fills in.

#include <string>

#include <catch2/catch.hpp>

#include "model/mesh/metadata.h"
#include "tests/model/mesh_scene.h"

namespace meshproof {
namespace {

/// The mesh of mesh_scene.h without its roll.
std::string mesh_without_roll() {
  const std::string state = mesh_manifests();
  return state.substr(0, state.rfind("---\n"));
}

std::string roll(const std::string& spec) {
  return "apiVersion: maistra.io/v1\nkind: ServiceMeshMemberRoll\nmetadata: {name: default, "
         "namespace: mesh}\nspec: " +
         spec + '\n';
}

const Object& roll_after(const Prediction& prediction) {
  const Object* found = prediction.after.find("ServiceMeshMemberRoll", "mesh", "default");
  REQUIRE(found != nullptr);
  return *found;
}

TEST_CASE("the operator's finalizer write drops an empty list of a new roll") {
  const auto* const version = GENERATE("2.0", "2.1", "2.5");
  const auto* const spec = GENERATE("{members: []}", "{memberSelectors: []}", "{members: null}");
  INFO(version << ' ' << spec);
  const auto prediction = play(mesh_without_roll(), change_of({{apply(roll(spec))}}), version);
  const Object& stored = roll_after(prediction);
  CHECK(stored.tree->find("spec")->fields.empty());
  CHECK(generation(stored) == 2);
  CHECK(stored.tree->integer_at({"status", "observedGeneration"}) == 2);
}

TEST_CASE("a roll that lists somebody keeps its generation when it gets its finalizer") {
  const auto prediction =
      play(mesh_without_roll(), change_of({{apply(roll("{members: [shop]}"))}}));
  CHECK(generation(roll_after(prediction)) == 1);
}

TEST_CASE("the user's own empty list stays on a roll that has its finalizer") {
  const auto prediction = play(mesh_manifests(), change_of({{members({})}}));
  CHECK(roll_after(prediction).tree->find_path({"spec", "members"}) != nullptr);
}

TEST_CASE("a roll that lists only its own project is stored without a list") {
  const auto created = play(mesh_without_roll(), change_of({{apply(roll("{members: [mesh]}"))}}));
  CHECK(roll_after(created).tree->find("spec")->fields.empty());
  CHECK(generation(roll_after(created)) == 1);
  const auto emptied = play(mesh_manifests(), change_of({{members({"mesh"})}}));
  CHECK(roll_after(emptied).tree->find("spec")->fields.empty());
  CHECK(outcome_of(emptied, "old") == "removed: it is no member any more");
}

TEST_CASE("operator 2.0 leaves no empty list when it takes the last project off a roll") {
  const std::string shop =
      "apiVersion: maistra.io/v1\nkind: ServiceMeshMember\nmetadata: {name: default, namespace: "
      "shop}\nspec: {controlPlaneRef: {name: basic, namespace: mesh}}\n";
  const auto prediction = play(mesh_without_roll(),
                               change_of({{apply(roll("{members: [shop]}")), apply(shop)},
                                          {remove("ServiceMeshMember", "shop", "default")}}),
                               "2.0");
  CHECK(roll_after(prediction).tree->find("spec")->fields.empty());
}

}  // namespace
}  // namespace meshproof
