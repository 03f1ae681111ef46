// What admission refuses (operator.md 7): the text, and that nothing changes.

#include <algorithm>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "model/mesh/mesh.h"
#include "tests/model/mesh_scene.h"

namespace meshproof {
namespace {

constexpr const char* kOtherRoll = R"(
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: mesh2}
spec: {members: [pay]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: istio-cni}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: istio-cni}
subjects: [{kind: ServiceAccount, name: istio-cni, namespace: operators}]
)";

std::string roll(const std::string& name, const std::string& ns, const std::string& spec) {
  return "apiVersion: maistra.io/v1\nkind: ServiceMeshMemberRoll\nmetadata: {name: " + name +
         ", namespace: " + ns + "}\nspec: " + spec + '\n';
}

std::string plane(const std::string& name, const std::string& ns, const std::string& spec) {
  return "apiVersion: maistra.io/v2\nkind: ServiceMeshControlPlane\nmetadata: {name: " + name +
         ", namespace: " + ns + "}\nspec: " + spec + '\n';
}

std::string member(const std::string& name, const std::string& ns) {
  return "apiVersion: maistra.io/v1\nkind: ServiceMeshMember\nmetadata: {name: " + name +
         ", namespace: " + ns + "}\nspec: {controlPlaneRef: {name: basic, namespace: mesh}}\n";
}

struct Row {
  const char* version;
  std::string object;
  const char* text;
};

TEST_CASE("admission refuses with the operator's own words, and nothing changes") {
  const auto row = GENERATE(values<Row>({
      {"2.5", roll("mine", "mesh", "{members: [shop]}"),
       "ServiceMeshMemberRoll must be named 'default'"},
      {"2.5", roll("default", "operators", "{members: [shop]}"),
       "ServiceMeshMemberRoll may not be created in the same project/namespace as the operator"},
      {"2.5", roll("default", "mesh", "{members: [shop], memberSelectors: [{}]}"),
       "combining .spec.members and .spec.memberSelectors is not allowed"},
      {"2.5", roll("default", "mesh", "{members: [Shop]}"),
       ".spec.members contains invalid value 'Shop'. Must be a valid namespace name."},
      {"2.2", roll("default", "mesh", "{members: ['*']}"),
       ".spec.members contains invalid value '*'. Must be a valid namespace name."},
      {"2.5", roll("default", "mesh", "{members: [shop, shop]}"),
       "duplicate namespace in .spec.members: shop"},
      {"2.3", roll("default", "mesh", "{members: [shop, shop]}"),
       "ServiceMeshMemberRoll may not contain duplicate namespaces in .spec.members"},
      {"2.5", roll("default", "mesh", "{members: [shop, '*']}"),
       "when .spec.members contains an asterisk ('*'), it must contain no other entries"},
      {"2.5", roll("default", "mesh", "{members: [shop, shop, Bad]}"),
       "duplicate namespace in .spec.members: shop"},
      {"2.2", roll("default", "mesh", "{members: [Bad, shop, shop]}"),
       "ServiceMeshMemberRoll may not contain duplicate namespaces in .spec.members"},
      {"2.5", member("mine", "shop"), "the ServiceMeshMember resource must be named \"default\""},
      {"2.2", member("mine", "shop"), "ServiceMeshMember must be named \"default\""},
      {"2.5", member("default", "operators"),
       "namespace where operator is installed cannot be added to any mesh"},
      {"2.5", roll("default", "mesh", "{members: [pay]}"),
       "one or more members are already defined in another ServiceMeshMemberRoll"},
      {"2.5", roll("default", "mesh", "{members: ['*']}"),
       "one or more members are already defined in another ServiceMeshMemberRoll"},
      {"2.5", plane("second", "mesh", "{version: v2.5}"),
       "only one service mesh may be installed per project/namespace"},
      {"2.5", plane("basic", "operators", "{version: v2.5}"),
       "service mesh may not be installed in the same project/namespace as the operator"},
      {"2.5", plane("other", "mesh2", "{version: v2.1}"),
       "Only '[v2.2 v2.3 v2.4 v2.5]' versions are supported"},
      {"2.4", plane("other", "mesh2", "{version: v1.1}"),
       "Only '[v2.1 v2.2 v2.3 v2.4]' versions are supported"},
      {"2.3", plane("other", "mesh2", "{version: v1.1}"),
       "Only '[v2.0 v2.1 v2.2 v2.3]' versions are supported"},
      {"2.4", plane("other", "mesh2", "{version: v2.5}"),
       "invalid Version specified; supported versions are: [v2.1 v2.2 v2.3 v2.4]"},
      {"2.5", plane("other", "mesh2", "{version: v9.9}"),
       "invalid Version specified; supported versions are: [v2.2 v2.3 v2.4 v2.5]"},
      {"2.5", plane("other", "mesh2", "{version: v2.3, mode: MultiTenant}"),
       "the spec.mode field is not supported in version 2.3; use "
       "spec.techPreview.controlPlaneMode"},
      {"2.5", plane("other", "mesh2", "{version: v2.2, mode: MultiTenant}"),
       "the spec.mode field is only supported in version 2.4 and above"},
      {"2.5", plane("other", "mesh2", "{version: v2.2, techPreview: {controlPlaneMode: x}}"),
       "the spec.techPreview.controlPlaneMode field is only supported in version 2.3"},
      {"2.5", plane("other", "mesh2", "{version: v2.4, techPreview: {controlPlaneMode: x}}"),
       "the spec.techPreview.controlPlaneMode field is not supported in version 2.4+; use "
       "spec.mode"},
      {"2.5", plane("other", "mesh2", "{version: v2.5, mode: Odd}"),
       "ServiceMeshControlPlane.maistra.io \"other\" is invalid: spec.mode: Unsupported value: "
       "\"Odd\": supported values: \"MultiTenant\", \"ClusterWide\""},
      {"2.5", plane("other", "mesh2", "{version: v2.5, meshConfig: {discoverySelectors: []}}"),
       "spec.meshConfig.discoverySelectors may only be used when spec.mode is ClusterWide"},
      {"2.5", plane("other", "mesh2", "{version: v2.3, meshConfig: {discoverySelectors: []}}"),
       "[the spec.meshConfig field is only supported in version 2.4 and above, the "
       "spec.meshConfig.discoverySelectors field is only supported in version 2.4 and above]"},
      {"2.1", member("default", "operators"),
       "namespace where operator is installed cannot be added to any mesh"},
      {"2.5", plane("other", "mesh2", "{version: v2.5, mode: ClusterWide}"),
       "a cluster-scoped SMCP may only be created when no other SMCPs exist"},
  }));
  INFO(row.object);
  const auto prediction =
      play(mesh_manifests_and(kOtherRoll), change_of({{apply(row.object)}}), row.version);
  CHECK(prediction.steps.empty());
  REQUIRE_FALSE(prediction.outcomes.empty());
  CHECK(prediction.outcomes.front().status == Outcome::Status::Rejected);
  CHECK(prediction.outcomes.front().reason == row.text);
}

struct ModeRow {
  const char* operator_version;
  const char* version;
  const char* text;
};

TEST_CASE("the mode of a control plane cannot be changed before v2.5") {
  const auto row = GENERATE(values<ModeRow>({
      {"2.3", "v2.3",
       "field spec.techPreview.controlPlaneMode is immutable; to change its value, delete the "
       "ServiceMeshControlPlane and recreate it"},
      {"2.5", "v2.3",
       "field spec.techPreview.controlPlaneMode is immutable; to change its value, delete the "
       "ServiceMeshControlPlane and recreate it"},
      {"2.4", "v2.4",
       "field spec.mode is immutable; to change its value, delete the ServiceMeshControlPlane and "
       "recreate it"},
      {"2.5", "v2.4",
       "field spec.mode is immutable in v2.4; to change its value, upgrade the "
       "ServiceMeshControlPlane to v2.5"},
  }));
  INFO(row.operator_version << ' ' << row.version);
  std::string state = mesh_manifests();
  state.replace(state.find("v2.5"), 4, row.version);
  const auto* spec = std::string_view{row.version} == "v2.3"
                         ? "{spec: {techPreview: {controlPlaneMode: ClusterScoped}}}"
                         : "{spec: {mode: ClusterWide}}";
  const auto prediction =
      play(state, change_of({{patch("ServiceMeshControlPlane", "mesh", "basic", spec)}}),
           row.operator_version);
  REQUIRE_FALSE(prediction.outcomes.empty());
  CHECK(prediction.outcomes.front().reason == row.text);
}

TEST_CASE("nothing is created in a namespace that does not exist") {
  const std::string policy =
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: x, namespace: "
      "ghost}\nspec: {podSelector: {}}\n";
  const auto prediction =
      play(mesh_manifests(), change_of({{apply(policy), members({"old", "ghost"})}}));
  CHECK(prediction.after.find("NetworkPolicy", "ghost", "x") == nullptr);
  const auto refused =
      std::ranges::find(prediction.outcomes, Outcome::Status::Rejected, &Outcome::status);
  REQUIRE(refused != prediction.outcomes.end());
  CHECK(refused->reason == "namespaces \"ghost\" not found");
  const auto gone =
      play(mesh_manifests(),
           change_of({{remove("Namespace", "", "pay")}, {apply(member("default", "pay"))}}));
  CHECK(gone.after.find("ServiceMeshMember", "pay", "default") == nullptr);
}

TEST_CASE("operator 2.0 reports what refuses its own write of a roll") {
  const auto taken =
      play(mesh_manifests_and(kOtherRoll), change_of({{apply(member("default", "pay"))}}), "2.0");
  CHECK(outcome_of(taken, "pay") ==
        "failed: Could not update ServiceMeshMemberRoll mesh/default: admission webhook "
        "\"smmr.validation.maistra.io\" denied the request: one or more members are already "
        "defined in another ServiceMeshMemberRoll");
  const Object* roll = taken.after.find("ServiceMeshMemberRoll", "mesh", "default");
  CHECK(roll->tree->find_path({"spec", "members"})->items.size() == 1);
  Snapshot before;
  before.objects = taken.after;
  const auto freed = predict(
      before, change_of({{remove("ServiceMeshMemberRoll", "mesh2", "default")}}), {{}, "2.0"});
  REQUIRE(freed.has_value());
  CHECK(outcome_of(*freed, "pay") == "configured");
  std::string lost = member("default", "pay");
  lost.replace(lost.find("namespace: mesh"), 15, "namespace: lost");
  const auto nowhere = play(mesh_manifests(), change_of({{apply(lost)}}), "2.0");
  CHECK(nowhere.after.find("ServiceMeshMemberRoll", "lost", "default") == nullptr);
  CHECK(outcome_of(nowhere, "pay") ==
        "failed: Could not create ServiceMeshMemberRoll, because the referenced namespace doesn't "
        "exist: namespaces \"lost\" not found");
}

TEST_CASE("a member that operator 2.0 has listed is not configured by that") {
  std::string lonely = member("default", "pay");
  lonely.replace(lonely.find("namespace: mesh"), 15, "namespace: shop");
  const auto listed = play(mesh_manifests(), change_of({{apply(lonely)}}), "2.0");
  CHECK(outcome_of(listed, "pay") == "pending: No ServiceMeshControlPlane exists in the namespace");
}

TEST_CASE("the reference of a ServiceMeshMember cannot be changed") {
  const auto prediction =
      play(mesh_manifests(), change_of({{patch("ServiceMeshMember", "old", "default",
                                               "{spec: {controlPlaneRef: {name: other}}}")}}));
  CHECK(prediction.outcomes.front().mesh == "mesh");
  CHECK(outcome_of(prediction, "old") ==
        "rejected: mutation of .spec.controlPlaneRef isn't allowed");
}

TEST_CASE("the control plane's own project is taken off the list without a word") {
  const auto prediction = play(mesh_manifests(), change_of({{members({"old", "mesh", "shop"})}}));
  const Object* found = prediction.after.find("ServiceMeshMemberRoll", "mesh", "default");
  CHECK(found->tree->find_path({"spec", "members"})->items.size() == 2);
  CHECK(label_after(prediction, "shop") == "mesh");
}

TEST_CASE("namespaces that are not there, and control planes, may be listed before they exist") {
  const auto prediction =
      play("apiVersion: v1\nkind: Namespace\nmetadata: {name: mesh}\n",
           change_of({{apply(roll("default", "mesh", "{members: [nowhere]}"))}}));
  CHECK(outcome_of(prediction, "nowhere") ==
        "pending: No ServiceMeshControlPlane exists in the namespace");
}

}  // namespace
}  // namespace meshproof
