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

constexpr const char* kOwnPolicy = R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: own, namespace: mesh, labels: {maistra.io/owner: mesh}}
spec:
  podSelector: {}
  ingress: [{ports: [{port: 8080}, {port: dns, protocol: UDP}]}, {from: [{podSelector: {}}]}]
  egress: [{ports: [{}]}]
)";

std::string protocol_of(const Object& policy, std::string_view direction, std::size_t port) {
  const Tree* rules = policy.tree->find_path({"spec", direction});
  REQUIRE(rules != nullptr);
  const Tree* ports = rules->items.at(0).find("ports");
  REQUIRE(ports != nullptr);
  return std::string{ports->items.at(port).string_at({"protocol"})};
}

TEST_CASE("a port without a protocol is stored as one of TCP, and so is its copy") {
  const auto prediction =
      play(mesh_manifests(), change_of({{apply(kOwnPolicy), members({"old", "shop"})}}));
  for (const auto* const ns : {"mesh", "shop"}) {
    INFO(ns);
    const Object* policy = prediction.after.find("NetworkPolicy", ns, "own");
    REQUIRE(policy != nullptr);
    CHECK(protocol_of(*policy, "ingress", 0) == "TCP");
    CHECK(protocol_of(*policy, "ingress", 1) == "UDP");
    CHECK(protocol_of(*policy, "egress", 0) == "TCP");
    CHECK(policy->tree->find_path({"spec", "ingress"})->items.at(1).find("ports") == nullptr);
  }
}

TEST_CASE("an object that nobody writes is not filled in") {
  const auto prediction =
      play(mesh_manifests_and(kOwnPolicy), change_of({{members({"old", "shop"})}}));
  const Object* policy = prediction.after.find("NetworkPolicy", "mesh", "own");
  REQUIRE(policy != nullptr);
  CHECK(protocol_of(*policy, "ingress", 0).empty());
}

TEST_CASE("a binding is stored with the group of its role and of its users") {
  const auto* const kind = GENERATE("RoleBinding", "ClusterRoleBinding");
  const std::string ns = std::string_view{kind} == "RoleBinding" ? "shop" : "";
  const auto prediction = play(
      mesh_manifests(),
      change_of({{apply("apiVersion: rbac.authorization.k8s.io/v1\nkind: " + std::string{kind} +
                        "\nmetadata: {name: own, namespace: \"" + ns +
                        "\"}\nroleRef: {kind: ClusterRole, name: view}\nsubjects: [{kind: User, "
                        "name: a}, {kind: Group, name: b}, {kind: ServiceAccount, name: c, "
                        "namespace: shop}]\n")}}));
  const Object* binding = prediction.after.find(kind, ns, "own");
  REQUIRE(binding != nullptr);
  CHECK(binding->tree->string_at({"roleRef", "apiGroup"}) == "rbac.authorization.k8s.io");
  const Tree& subjects = *binding->tree->find("subjects");
  CHECK(subjects.items.at(0).string_at({"apiGroup"}) == "rbac.authorization.k8s.io");
  CHECK(subjects.items.at(1).string_at({"apiGroup"}) == "rbac.authorization.k8s.io");
  CHECK(subjects.items.at(2).find("apiGroup") == nullptr);
}

}  // namespace
}  // namespace meshproof
