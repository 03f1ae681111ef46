// What can go wrong with a member, and exactly what it leaves behind: operator.md 1.4, 3.3, 8 and
// operator-recorded.md "Name clash and retry".

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "model/mesh/mesh.h"
#include "tests/model/mesh_scene.h"

namespace meshproof {
namespace {

std::string policy(const std::string& name) {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: " + name +
         ", namespace: shop}\nspec: {podSelector: {}}\n";
}

constexpr const char* kBinding = R"(
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: prometheus-mesh, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: own}
)";

constexpr const char* kAttachment = R"(
apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: {name: v2-5-istio-cni, namespace: shop}
spec: {config: ""}
)";

struct Clash {
  const char* behaviour;
  std::string object;
  const char* outcome;
  const char* label;
  std::size_t policies;
  std::size_t bindings;
};

TEST_CASE("a name clash stops a join where the operator stops, and leaves what it has written") {
  const auto clash = GENERATE(values<Clash>({
      {"a policy named like the mesh's stops everything but the other policy",
       policy("istio-mesh-basic"),
       "failed: networkpolicies.networking.k8s.io \"istio-mesh-basic\" already exists", "none", 2,
       0},
      {"a policy named like the router's leaves the project isolated and unlabelled",
       policy("istio-expose-route-basic"),
       "failed: networkpolicies.networking.k8s.io \"istio-expose-route-basic\" already exists",
       "none", 2, 0},
      {"a binding of the same name does not keep the label off", kBinding,
       "failed: rolebindings.rbac.authorization.k8s.io \"prometheus-mesh\" already exists", "mesh",
       2, 3},
      {"an attachment of the same name does not keep the label off", kAttachment,
       "failed: could not create NetworkAttachmentDefinition shop/v2-5-istio-cni: "
       "network-attachment-definitions.k8s.cni.cncf.io \"v2-5-istio-cni\" already exists",
       "mesh", 2, 3},
  }));
  INFO(clash.behaviour);
  const auto prediction =
      play(mesh_manifests_and(clash.object), change_of({{members({"old", "shop"})}}));
  CHECK(outcome_of(prediction, "shop") == clash.outcome);
  CHECK(label_after(prediction, "shop") == clash.label);
  CHECK(prediction.after.of_kind("NetworkPolicy", "shop").size() == clash.policies);
  CHECK(prediction.after.of_kind("RoleBinding", "shop").size() == clash.bindings);
}

TEST_CASE("a leave keeps the user's own object of a clashing name") {
  const auto prediction = play(mesh_manifests_and(kBinding),
                               change_of({{members({"old", "shop"})}, {members({"old"})}}));
  CHECK(prediction.after.find("RoleBinding", "shop", "prometheus-mesh") != nullptr);
  CHECK(prediction.after.of_kind("RoleBinding", "shop").size() == 1);
}

TEST_CASE("a removed clash is not noticed before something touches the project") {
  const auto untouched = play(mesh_manifests_and(policy("istio-mesh-basic")),
                              change_of({{members({"old", "shop"})},
                                         {remove("NetworkPolicy", "shop", "istio-mesh-basic")}}));
  CHECK(label_after(untouched, "shop") == "none");
  const auto touched =
      play(mesh_manifests_and(policy("istio-mesh-basic")),
           change_of({{members({"old", "shop"})},
                      {remove("NetworkPolicy", "shop", "istio-mesh-basic")},
                      {patch("Namespace", "", "shop", "{metadata: {annotations: {a: b}}}")}}));
  CHECK(outcome_of(touched, "shop") == "configured");
}

/// The change played on the state that another change has led to.
Prediction play_after(const Prediction& first, const Change& change, const std::string& version) {
  Snapshot before;
  before.objects = first.after;
  const auto prediction = predict(before, change, {{}, version});
  REQUIRE(prediction.has_value());
  return *prediction;
}

TEST_CASE("operator 2.0 tries again what a state shows as pending") {
  const auto pending = play(mesh_manifests_and(policy("istio-mesh-basic")),
                            change_of({{members({"old", "shop"})}}), "2.0");
  CHECK(label_after(pending, "shop") == "none");
  const auto mended = play_after(
      pending, change_of({{remove("NetworkPolicy", "shop", "istio-mesh-basic")}}), "2.0");
  CHECK(outcome_of(mended, "shop") == "configured");
  CHECK(label_after(mended, "shop") == "mesh");
}

TEST_CASE("members that an unknown plugin holds up go on when the plugin is known") {
  const std::string sdn =
      "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\nspec: "
      "{networkType: OpenShiftSDN}\n---\napiVersion: network.openshift.io/v1\nkind: "
      "ClusterNetwork\nmetadata: {name: default}\npluginName: "
      "redhat/openshift-ovs-networkpolicy\n";
  const auto plugin = [](const std::string& name) {
    return patch("ClusterNetwork", "", "default", "{pluginName: " + name + "}");
  };
  const auto held =
      play(mesh_manifests_and(sdn), change_of({{plugin("odd")}, {members({"shop"})}}));
  CHECK(label_after(held, "old") == "mesh");
  CHECK(label_after(held, "shop") == "none");
  const auto mended =
      play_after(held, change_of({{plugin("redhat/openshift-ovs-networkpolicy")}}), "2.5");
  CHECK(label_after(mended, "old") == "none");
  CHECK(label_after(mended, "shop") == "mesh");
}

TEST_CASE("a namespace that does not exist is pending, and joins when it is created") {
  const auto missing = play(mesh_manifests(), change_of({{members({"old", "new"})}}));
  CHECK(outcome_of(missing, "new") == "pending: Namespace new does not exist");
  CHECK(missing.after.find("ServiceMeshMember", "new", "default") == nullptr);
  const auto created =
      play(mesh_manifests(),
           change_of({{members({"old", "new"})},
                      {apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: new}")}}));
  CHECK(outcome_of(created, "new") == "configured");
  CHECK(label_after(created, "new") == "mesh");
}

TEST_CASE("a terminating namespace is left alone") {
  const auto prediction =
      play(mesh_manifests_and("apiVersion: v1\nkind: Namespace\nmetadata: {name: dying, "
                              "deletionTimestamp: \"2026-01-01T00:00:00Z\"}\n"),
           change_of({{members({"old", "dying"})}}));
  CHECK(outcome_of(prediction, "dying") == "pending: Namespace dying does not exist");
  CHECK(writes_for(prediction, "dying").empty());
}

TEST_CASE("a project of another mesh is refused, and loses that mesh's label when it leaves") {
  const std::string state = mesh_manifests_and(
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: taken, labels: {maistra.io/member-of: "
      "other}}\n");
  const auto refused = play(state, change_of({{members({"old", "taken"})}}));
  CHECK(
      outcome_of(refused, "taken") ==
      "failed: cannot reconcile namespace taken in mesh mesh, as it is already a member of other");
  CHECK(label_after(refused, "taken") == "other");
  const auto left = play(state, change_of({{members({"old", "taken"})}, {members({"old"})}}));
  CHECK(label_after(left, "taken") == "none");
}

TEST_CASE("an empty label value is taken for joined and never filled") {
  const auto prediction =
      play(mesh_manifests_and("apiVersion: v1\nkind: Namespace\nmetadata: {name: odd, labels: "
                              "{maistra.io/member-of: \"\"}}\n"),
           change_of({{members({"old", "odd"})}}));
  CHECK(outcome_of(prediction, "odd") == "configured");
  CHECK(label_after(prediction, "odd") == "");
}

TEST_CASE("a deleted namespace takes its contents along, and rejoins when it comes back") {
  const auto gone = play(mesh_manifests(), change_of({{remove("Namespace", "", "old")}}));
  CHECK(gone.after.find("Namespace", "", "old") == nullptr);
  CHECK(gone.after.of_kind("NetworkPolicy", "old").empty());
  CHECK(outcome_of(gone, "old") == "pending: Namespace old does not exist");
  const auto back =
      play(mesh_manifests(),
           change_of({{remove("Namespace", "", "old")},
                      {apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: old}")}}));
  CHECK(outcome_of(back, "old") == "configured");
  CHECK(back.after.of_kind("NetworkPolicy", "old").size() == 2);
}

TEST_CASE("an edited copy is never repaired, a deleted one at the next look at the project") {
  const auto prediction =
      play(mesh_manifests(),
           change_of({{patch("NetworkPolicy", "old", "istio-mesh-basic",
                             "{spec: {podSelector: {matchLabels: {app: one}}}}"),
                       remove("NetworkPolicy", "old", "istio-expose-route-basic")},
                      {patch("Namespace", "", "old", "{metadata: {annotations: {a: b}}}")}}));
  CHECK(prediction.after.find("NetworkPolicy", "old", "istio-expose-route-basic") != nullptr);
  const Object* edited = prediction.after.find("NetworkPolicy", "old", "istio-mesh-basic");
  CHECK(edited->tree->string_at({"spec", "podSelector", "matchLabels", "app"}) == "one");
}

TEST_CASE("a restarted operator repairs what was deleted") {
  const auto prediction =
      play(mesh_manifests(), change_of({{remove("NetworkPolicy", "old", "istio-mesh-basic")},
                                        {note("operator restarted")}}));
  CHECK(prediction.after.find("NetworkPolicy", "old", "istio-mesh-basic") != nullptr);
}

constexpr const char* kSecondMesh = R"(
apiVersion: v1
kind: Namespace
metadata: {name: mesh2}
---
apiVersion: maistra.io/v2
kind: ServiceMeshControlPlane
metadata: {name: other, namespace: mesh2}
spec: {version: v2.4}
---
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: mesh2}
spec: {members: [pay]}
)";

TEST_CASE("a project moves from one mesh to another once the first roll has dropped it") {
  const auto prediction =
      play(mesh_manifests_and(kSecondMesh),
           change_of({{members({}), patch("ServiceMeshMemberRoll", "mesh2", "default",
                                          "{spec: {members: [pay, old]}}")}}));
  CHECK(label_after(prediction, "old") == "mesh2");
  CHECK(prediction.after.find("NetworkPolicy", "old", "istio-mesh-basic") == nullptr);
  CHECK(prediction.after.find("NetworkPolicy", "old", "istio-mesh-other") != nullptr);
  CHECK(prediction.after.find("NetworkAttachmentDefinition", "old", "v2-4-istio-cni") != nullptr);
}

TEST_CASE("a new control-plane version swaps the attachment and leaves the copies as they are") {
  const auto prediction = play(
      mesh_manifests_and(kSecondMesh),
      change_of({{patch("ServiceMeshControlPlane", "mesh2", "other", "{spec: {version: v2.5}}")}}));
  CHECK(writes_for(prediction, "pay") ==
        std::vector<std::string>{"delete NetworkAttachmentDefinition v2-4-istio-cni",
                                 "create NetworkAttachmentDefinition v2-5-istio-cni"});
  const Object* copy = prediction.after.find("NetworkPolicy", "pay", "istio-mesh-other");
  CHECK(copy->label("maistra-version") == "2.4.7");
  const Object* source = prediction.after.find("NetworkPolicy", "mesh2", "istio-mesh-other");
  CHECK(source->label("maistra-version") == "2.5.1");
}

TEST_CASE("without managed policies neither the control plane nor its members keep any") {
  const auto prediction = play(
      mesh_manifests(), change_of({{patch("ServiceMeshControlPlane", "mesh", "basic",
                                          "{spec: {security: {manageNetworkPolicy: false}}}")}}));
  CHECK(prediction.after.of_kind("NetworkPolicy").empty());
  CHECK(label_after(prediction, "old") == "mesh");
}

TEST_CASE("deleting the roll makes its members leave") {
  const auto prediction =
      play(mesh_manifests(), change_of({{remove("ServiceMeshMemberRoll", "mesh", "default")}}));
  CHECK(label_after(prediction, "old") == "none");
  CHECK(prediction.after.find("ServiceMeshMemberRoll", "mesh", "default") == nullptr);
  CHECK(prediction.after.of_kind("ServiceMeshMember").empty());
}

TEST_CASE("a user's ServiceMeshMember makes a roll, and takes it along") {
  const std::string own = R"(
apiVersion: maistra.io/v1
kind: ServiceMeshMember
metadata: {name: default, namespace: shop}
spec: {controlPlaneRef: {name: other, namespace: mesh2}}
)";
  const std::string state = mesh_manifests_and(R"(
apiVersion: v1
kind: Namespace
metadata: {name: mesh2}
---
apiVersion: maistra.io/v2
kind: ServiceMeshControlPlane
metadata: {name: other, namespace: mesh2}
spec: {version: v2.5}
)");
  const auto joined = play(state, change_of({{apply(own)}}));
  CHECK(label_after(joined, "shop") == "mesh2");
  REQUIRE(joined.after.find("ServiceMeshMemberRoll", "mesh2", "default") != nullptr);
  const auto left =
      play(state, change_of({{apply(own)}, {remove("ServiceMeshMember", "shop", "default")}}));
  CHECK(label_after(left, "shop") == "none");
  CHECK(left.after.find("ServiceMeshMemberRoll", "mesh2", "default") == nullptr);
}

TEST_CASE("deleting the control plane makes the roll's members leave") {
  const auto prediction =
      play(mesh_manifests(), change_of({{remove("ServiceMeshControlPlane", "mesh", "basic")}}));
  CHECK(prediction.after.of_kind("NetworkPolicy").empty());
  CHECK(label_after(prediction, "old") == "none");
  CHECK(label_after(prediction, "mesh") == "none");
}

TEST_CASE("a selector is read as the operator reads it, not as Kubernetes does") {
  const std::string state = mesh_manifests_and(
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: openshift-x, labels: {team: a}}\n---\n"
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: mine, labels: {team: a}}\n");
  const auto selected =
      play(state, change_of({{patch("ServiceMeshMemberRoll", "mesh", "default",
                                    "{spec: {members: null, memberSelectors: [{matchLabels: {team: "
                                    "a}}]}}")}}));
  CHECK(label_after(selected, "mine") == "mesh");
  CHECK(label_after(selected, "openshift-x") == "none");
  CHECK(label_after(selected, "old") == "none");
  const auto empty_value =
      play(state, change_of({{patch("ServiceMeshMemberRoll", "mesh", "default",
                                    "{spec: {members: null, memberSelectors: [{matchLabels: {team: "
                                    "\"\"}}]}}")}}));
  CHECK(label_after(empty_value, "mine") == "none");
  CHECK(label_after(empty_value, "shop") == "mesh");
}

TEST_CASE("a selector finds a namespace by its name, whether that label is written or not") {
  const auto prediction =
      play(mesh_manifests(),
           change_of({{patch("ServiceMeshMemberRoll", "mesh", "default",
                             "{spec: {members: null, memberSelectors: [{matchLabels: "
                             "{kubernetes.io/metadata.name: shop}}, {matchExpressions: [{key: "
                             "kubernetes.io/metadata.name, operator: In, values: [pay]}]}]}}")}}));
  CHECK(label_after(prediction, "shop") == "mesh");
  CHECK(label_after(prediction, "pay") == "mesh");
  CHECK(label_after(prediction, "old") == "none");
}

TEST_CASE("a control plane that only the status of its roll shows is told to be missing") {
  const auto prediction = play(
      "{apiVersion: v1, kind: Namespace, metadata: {name: mesh}}\n---\n"
      "{apiVersion: maistra.io/v1, kind: ServiceMeshMemberRoll, metadata: {name: default, "
      "namespace: mesh}, spec: {members: [old]}, status: {configuredMembers: [old]}}\n",
      change_of({{members({"old", "shop"})}}));
  const auto told =
      std::ranges::find(prediction.diagnostics, "control-plane-missing", &Diagnostic::code);
  REQUIRE(told != prediction.diagnostics.end());
  CHECK(told->message ==
        "the status of ServiceMeshMemberRoll mesh/default names configured members, but the input "
        "has no ServiceMeshControlPlane in mesh: it is taken as deleted, and its members leave");
}

TEST_CASE("where the operator runs is assumed where a roll selects its members") {
  const auto all = play(mesh_manifests(), change_of({{members({"*"})}}));
  CHECK(std::ranges::count(all.assumptions,
                           "the input does not show where the mesh operator runs: its project, "
                           "which no roll selects by * or by labels, is taken to be "
                           "openshift-operators") == 1);
  const auto named = play(mesh_manifests(), change_of({{members({"old", "shop"})}}));
  CHECK(std::ranges::none_of(named.assumptions, [](const std::string& sentence) {
    return sentence.starts_with("the input does not show");
  }));
  const auto shown =
      play(mesh_manifests_and("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: "
                              "istio-operator, namespace: pay}\nspec: {}\n"),
           change_of({{members({"*"})}}));
  CHECK(label_after(shown, "pay") == "none");
  CHECK(std::ranges::none_of(shown.assumptions, [](const std::string& sentence) {
    return sentence.starts_with("the input does not show");
  }));
}

TEST_CASE("a wildcard enrols every project but the system's and the control plane's") {
  const auto prediction =
      play(mesh_manifests_and("apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system}\n"),
           change_of({{members({"*"})}}));
  CHECK(label_after(prediction, "shop") == "mesh");
  CHECK(label_after(prediction, "kube-system") == "none");
}

}  // namespace
}  // namespace meshproof
