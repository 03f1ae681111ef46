// Edits of a roll, states compared, declared meshes settled, and what is told about them.

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "model/edit.h"
#include "model/mesh/mesh.h"
#include "model/mesh/roll_edit.h"
#include "model/mesh/settle.h"
#include "model/mesh/simulation.h"
#include "tests/model/mesh_scene.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

constexpr const char* kSecondMesh = R"(
apiVersion: maistra.io/v2
kind: ServiceMeshControlPlane
metadata: {name: other, namespace: mesh2}
spec: {version: v2.5}
)";

struct Refusal {
  std::string state;
  std::vector<std::string> join;
  std::vector<std::string> leave;
  std::string mesh;
  const char* code;
  const char* message;
};

TEST_CASE("an edit of a roll that cannot be meant is refused") {
  const auto row = GENERATE(values<Refusal>({
      {"apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n",
       {"shop"},
       {},
       "",
       "no-mesh",
       "the input has no ServiceMeshControlPlane and no member roll to edit"},
      {mesh_manifests_and(kSecondMesh),
       {"shop"},
       {},
       "",
       "which-mesh",
       "the input has 2 meshes (mesh/basic, mesh2/other); --mesh tells which one is meant"},
      {mesh_manifests(),
       {"shop"},
       {},
       "mash",
       "unknown-mesh",
       "there is no mesh \"mash\"; there is mesh/basic"},
      {mesh_manifests(),
       {"old"},
       {},
       "",
       "already-member",
       "namespace old is already on the roll mesh/default"},
      {mesh_manifests(),
       {},
       {"shop"},
       "",
       "not-a-member",
       "namespace shop is not in spec.members of the roll mesh/default"},
      {mesh_manifests(),
       {"shop", "shop"},
       {},
       "",
       "repeated-namespace",
       "namespace shop is named twice; once is enough"},
      {mesh_manifests(),
       {"mesh"},
       {},
       "",
       "control-plane-namespace",
       "namespace mesh holds the control plane, which belongs to its mesh anyway"},
  }));
  const auto change = edit_roll(objects_from(row.state), row.join, row.leave, row.mesh);
  REQUIRE_FALSE(change.has_value());
  CHECK(change.error().front().code == row.code);
  CHECK(change.error().front().message == row.message);
}

TEST_CASE("a join adds to the roll, and makes one where there is none") {
  const auto longer = join_change(objects_from(mesh_manifests()), "mesh/basic", {"shop"});
  REQUIRE(longer.has_value());
  CHECK(outcome_of(play(mesh_manifests(), *longer), "shop") == "configured");
  const std::string bare =
      std::string{"apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---"} + kSecondMesh;
  const auto made = join_change(objects_from(bare), "", {"shop"});
  REQUIRE(made.has_value());
  CHECK(outcome_of(play(bare, *made), "shop") == "configured");
}

TEST_CASE("a target state becomes the edits that lead there") {
  const ObjectStore before = objects_from(mesh_manifests());
  CHECK(change_between(before, before).is_empty());
  ObjectStore target = before;
  target.erase({"", "Namespace", "", "pay"});
  Tree roll = *before.find("ServiceMeshMemberRoll", "mesh", "default")->tree;
  roll.mapping_at("spec").set("members", Tree::strings({"old", "shop"}));
  roll.set("status", Tree::mapping({{"ignored", Tree::boolean(true)}}));
  target.put(make_object(roll));
  const Change change = change_between(before, target);
  REQUIRE(change.phases.size() == 1);
  REQUIRE(change.phases.front().steps.size() == 2);
  CHECK(std::holds_alternative<DeleteObject>(change.phases.front().steps[0].edit));
  CHECK(std::holds_alternative<PatchObject>(change.phases.front().steps[1].edit));
}

TEST_CASE("a target state keeps what the mesh has written, and drops what it no longer says") {
  const std::string labelled =
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: extra, labels: {team: a, tier: b}}\n";
  const std::string joined = mesh_manifests_and(labelled + "---\n" + R"(
apiVersion: maistra.io/v1
kind: ServiceMeshMember
metadata: {name: default, namespace: extra}
spec: {controlPlaneRef: {name: basic, namespace: mesh}}
)");
  const ObjectStore before = objects_from(joined);
  ObjectStore target = before;
  Tree extra = *before.find("Namespace", "", "extra")->tree;
  extra.mapping_at("metadata").set("labels", Tree::mapping({{"team", Tree::string("c")}}));
  target.put(make_object(extra));
  const auto prediction = play(joined, change_between(before, target), "2.3");
  const Object* after = prediction.after.find("Namespace", "", "extra");
  CHECK(after->label("team") == "c");
  CHECK_FALSE(after->has_label("tier"));
  CHECK(after->label(kMemberOfLabel) == "mesh");
}

TEST_CASE("a roll that only shrinks comes before one that grows") {
  const ObjectStore before = objects_from(mesh_manifests_and(R"(
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: a-mesh}
spec: {members: []}
)"));
  ObjectStore target = before;
  for (const auto& [ns, members] : std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"mesh", {}}, {"a-mesh", {"old"}}}) {
    Tree roll = *before.find("ServiceMeshMemberRoll", ns, "default")->tree;
    roll.mapping_at("spec").set("members", Tree::strings(members));
    target.put(make_object(roll));
  }
  const Change change = change_between(before, target);
  const auto& first = std::get<PatchObject>(change.phases.front().steps.front().edit);
  CHECK(first.target.ns == "mesh");
}

TEST_CASE("a merge keeps what others own, an apply replaces labels and spec") {
  const ObjectStore objects = objects_from(
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {a: b}}\nstatus: {phase: "
      "Active}\n");
  const Object* existing = objects.find("Namespace", "", "shop");
  const Tree manifest =
      trees_from("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {c: d}}\n").at(0);
  const Tree merged = merged_object(existing, manifest);
  CHECK(merged.string_at({"metadata", "labels", "a"}) == "b");
  CHECK(merged.string_at({"metadata", "labels", "c"}) == "d");
  const Tree applied = applied_object(existing, manifest);
  CHECK(applied.find_path({"metadata", "labels", "a"}) == nullptr);
  CHECK(applied.string_at({"status", "phase"}) == "Active");
}

TEST_CASE("a declared mesh is taken as installed, its members as joined, and both are said") {
  const auto settled = settle(objects_from(mesh_manifests()), {});
  REQUIRE(settled.has_value());
  CHECK(settled->objects.of_kind("NetworkPolicy", "mesh").size() == 8);
  CHECK(settled->objects.of_kind("NetworkPolicy", "old").size() == 2);
  CHECK(settled->objects.find("Namespace", "", "old")->label(kMemberOfLabel) == "mesh");
  CHECK(settled->objects.find("Namespace", "", "mesh")->label(kMemberOfLabel) == "mesh");
  REQUIRE(settled->diagnostics.size() == 1);
  CHECK(settled->diagnostics.front().code == "mesh-assumed-installed");
  CHECK(settled->diagnostics.front().message ==
        "ServiceMeshControlPlane mesh/basic has no status: its mesh is taken as installed and at "
        "rest");
  CHECK(settled->assumptions ==
        std::vector<std::string>{
            "the input declares mesh/basic without a status, so it is taken as installed and at "
            "rest before the change: its charts' policies and bindings are there, and the members "
            "of its roll are joined"});
}

TEST_CASE("a settled state is settled") {
  const auto once = settle(objects_from(mesh_manifests()), {});
  REQUIRE(once.has_value());
  const auto twice = settle(once->objects, {});
  REQUIRE(twice.has_value());
  CHECK(twice->diagnostics.empty());
  CHECK(change_between(once->objects, twice->objects).is_empty());
}

TEST_CASE("an object of a chart's name is kept as it is") {
  const auto settled = settle(
      objects_from(mesh_manifests_and("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
                                      "metadata: {name: istio-istiod-basic, namespace: mesh}\n"
                                      "spec: {podSelector: {matchLabels: {own: x}}}\n")),
      {});
  REQUIRE(settled.has_value());
  const Object* kept = settled->objects.find("NetworkPolicy", "mesh", "istio-istiod-basic");
  CHECK(kept->tree->string_at({"spec", "podSelector", "matchLabels", "own"}) == "x");
}

struct Told {
  ChangeStep step;
  const char* code;
  const char* message;
};

TEST_CASE("what is not modelled in a change is a warning") {
  const auto row = GENERATE(values<Told>({
      {note("moon rises"), "unsupported-note",
       "the note \"moon rises\" is not understood and left out; known are \"SDN master stopped\", "
       "\"SDN master started\", \"operator restarted\", \"kind not served: KIND\" and \"CRD "
       "installed: KIND\""},
      {apply(
           "apiVersion: networking.istio.io/v1beta1\nkind: Gateway\nmetadata: {name: g, namespace: "
           "old}\n"),
       "unsupported-change",
       "what happens to the Routes that the mesh makes for Gateways is not predicted"},
      {patch("ServiceMeshControlPlane", "mesh", "basic",
             "{spec: {gateways: {additionalIngress: {gw: {namespace: old}}}}}"),
       "unsupported-additional-gateway",
       "the additional gateway gw does not say whether it is enabled: taken as off; what it owns "
       "is taken to stay"},
  }));
  const auto prediction = play(mesh_manifests(), change_of({{row.step}}));
  const auto found = std::ranges::find(prediction.diagnostics, row.code, &Diagnostic::code);
  REQUIRE(found != prediction.diagnostics.end());
  CHECK(found->severity == Severity::Warning);
  CHECK(found->message == row.message);
}

TEST_CASE("a control plane of an unknown version is taken for the nearest") {
  std::string state = mesh_manifests();
  state.replace(state.find("v2.5"), 4, "v3.1");
  const auto prediction = play(state, change_of({{members({"old", "shop"})}}));
  CHECK(prediction.after.find("NetworkAttachmentDefinition", "shop", "v2-6-istio-cni") != nullptr);
}

TEST_CASE("an installed control plane without its policies in the input is told") {
  auto state = settle(objects_from(mesh_manifests()), {});
  REQUIRE(state.has_value());
  state->objects.erase({"networking.k8s.io", "NetworkPolicy", "mesh", "istio-mesh-basic"});
  Snapshot before;
  before.objects = state->objects;
  const auto prediction = predict(before, change_of({{members({"old", "shop"})}}), {});
  REQUIRE(prediction.has_value());
  REQUIRE(prediction->diagnostics.size() == 1);
  CHECK(prediction->diagnostics.front().code == "control-plane-incomplete");
  CHECK(prediction->diagnostics.front().message ==
        "ServiceMeshControlPlane mesh/basic is installed, but the input has no NetworkPolicy "
        "mesh/istio-mesh-basic: its members are predicted without a copy of it");
}

TEST_CASE("a change that cannot be made at all is an error") {
  Snapshot before;
  before.objects = objects_from(mesh_manifests());
  const auto missing =
      predict(before, change_of({{patch("Namespace", "", "nowhere", "{a: b}")}}), {});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().front().code == "object-not-found");
  CHECK(missing.error().front().message == "there is no Namespace nowhere to patch");
  const auto unknown = predict(before, change_of({}), {{}, "9.9"});
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().front().code == "unknown-operator-version");
  CHECK(unknown.error().front().message ==
        "the operator version \"9.9\" is not known; known are 1.0, 1.1, 2.0, 2.1, 2.2, 2.3, 2.4 "
        "and 2.5");
}

TEST_CASE("a world that does not come to rest is told") {
  World world{objects_from(mesh_manifests()), *find_operator_version("2.5"), Platform{}};
  world.queue().add({Controller::Roll, "mesh", "default"});
  run_to_rest(world, 0);
  REQUIRE(world.diagnostics().size() == 1);
  CHECK(world.diagnostics().front().code == "no-rest");
  CHECK(world.diagnostics().front().message ==
        "the operator does not come to rest after 0 turns; the state after is one of those it "
        "passes through");
}

TEST_CASE("operator 2.6 is taken for 2.5, and every output says so") {
  const auto prediction = play(mesh_manifests(), change_of({{members({"shop"})}}), "2.6");
  CHECK(prediction.operator_version == "2.5");
  CHECK(std::ranges::find(prediction.assumptions,
                          "operator 2.6 is taken to behave like operator 2.5") !=
        prediction.assumptions.end());
}

TEST_CASE("meshes are found with their rolls and with the projects that carry their label") {
  const auto settled = settle(objects_from(mesh_manifests_and(kSecondMesh)), {});
  REQUIRE(settled.has_value());
  const auto meshes = find_meshes(settled->objects);
  REQUIRE(meshes.size() == 2);
  CHECK(meshes[0].ns == "mesh");
  CHECK(meshes[0].name == "basic");
  CHECK(meshes[0].version == "v2.5");
  CHECK(meshes[0].roll_members == std::vector<std::string>{"old"});
  CHECK(meshes[0].labelled == std::vector<std::string>{"old"});
  CHECK(meshes[1].ns == "mesh2");
  CHECK_FALSE(meshes[1].has_roll);
}

}  // namespace
}  // namespace meshproof
