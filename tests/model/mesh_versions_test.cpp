// What differs between operator versions: operator.md 0 as corrected by operator-recorded.md.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "model/mesh/found_operator.h"
#include "model/mesh/mesh.h"
#include "model/mesh/operator_version.h"
#include "tests/model/mesh_scene.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

struct Row {
  const char* version;
  bool restores_label;        ///< removed by hand
  bool strips_foreign_label;  ///< after a refused join
  bool copies_role_bindings;
  bool leaves_without_plane;
  bool strips_owner;
};

TEST_CASE("each operator version behaves as its row of operator.md 0 says") {
  const Row row = GENERATE(
      Row{"2.0", false, false, true, false, false}, Row{"2.1", false, true, true, false, true},
      Row{"2.2", false, true, true, false, true}, Row{"2.3", false, true, false, true, true},
      Row{"2.4", true, true, false, true, true}, Row{"2.5", true, true, false, true, true});
  const std::string version = row.version;
  const std::string state = mesh_manifests_and(
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: taken, labels: {maistra.io/member-of: "
      "other}}\n");
  DYNAMIC_SECTION("operator " << version << " and a label removed by hand") {
    const auto prediction =
        play(state,
             change_of({{patch("Namespace", "", "old",
                               "{metadata: {labels: {maistra.io/member-of: null}}}")}}),
             version);
    CHECK((label_after(prediction, "old") == "mesh") == row.restores_label);
  }
  DYNAMIC_SECTION("operator " << version << " and a refused join undone") {
    const auto prediction =
        play(state, change_of({{members({"old", "taken"})}, {members({"old"})}}), version);
    CHECK((label_after(prediction, "taken") == "none") == row.strips_foreign_label);
  }
  DYNAMIC_SECTION("operator " << version << " and bindings of Roles") {
    const auto prediction = play(state, change_of({{members({"old", "shop"})}}), version);
    const Object* sds = prediction.after.find("RoleBinding", "shop", "istio-ingressgateway-sds");
    CHECK((sds != nullptr) == row.copies_role_bindings);
    const Object* policy = prediction.after.find("NetworkPolicy", "shop", "istio-mesh-basic");
    REQUIRE(policy != nullptr);
    CHECK(policy->has_label(kOwnerLabel) != row.strips_owner);
  }
  DYNAMIC_SECTION("operator " << version << " and a deleted control plane") {
    const auto prediction =
        play(state, change_of({{remove("ServiceMeshControlPlane", "mesh", "basic")}}), version);
    CHECK((label_after(prediction, "old") == "none") == row.leaves_without_plane);
  }
}

TEST_CASE("a cluster without the kind Network is an error up to 2.1 and policies from 2.2") {
  NetworkOptions vanilla;
  vanilla.absent_kinds = {"Network"};
  const auto old = play(mesh_manifests(), change_of({{members({"shop"})}}), "2.1", vanilla);
  CHECK(outcome_of(old, "shop") ==
        "failed: no matches for kind \"Network\" in version \"config.openshift.io/v1\"");
  const auto newer = play(mesh_manifests(), change_of({{members({"shop"})}}), "2.2", vanilla);
  CHECK(outcome_of(newer, "shop") == "configured");
  CHECK(newer.after.of_kind("NetworkPolicy", "shop").size() == 2);
}

TEST_CASE("without the kind NetworkAttachmentDefinition 2.0 and 2.1 fail, later operators go on") {
  NetworkOptions options;
  options.absent_kinds = {"NetworkAttachmentDefinition"};
  const auto version = GENERATE("2.0", "2.1");
  const auto old = play(mesh_manifests(), change_of({{members({"shop"})}}), version, options);
  CHECK(outcome_of(old, "shop") ==
        "failed: Could not list NetworkAttachmentDefinition resources in member namespace shop: "
        "no matches for kind \"NetworkAttachmentDefinition\" in version \"k8s.cni.cncf.io/v1\"");
  CHECK(label_after(old, "shop") == "mesh");
  const auto newer = play(mesh_manifests(), change_of({{members({"shop"})}}), "2.5", options);
  CHECK(outcome_of(newer, "shop") == "configured");
  CHECK(newer.after.of_kind("NetworkAttachmentDefinition").empty());
}

TEST_CASE("operator 2.1 sees a new kind only after a restart") {
  const auto join = members({"old", "shop"});
  const auto touch =
      patch("ServiceMeshControlPlane", "mesh", "basic", "{metadata: {annotations: {a: b}}}");
  const auto installed = note("CRD installed: NetworkAttachmentDefinition");
  const auto absent = note("kind not served: NetworkAttachmentDefinition");
  std::string state = mesh_manifests();
  state.replace(state.find("v2.5"), 4, "v2.1");
  const auto unseen = play(state, change_of({{absent, join}, {installed, touch}}), "2.1");
  CHECK(unseen.after.of_kind("NetworkAttachmentDefinition", "shop").empty());
  CHECK(outcome_of(unseen, "shop") == "configured");
  const auto seen =
      play(mesh_manifests(), change_of({{absent, join}, {installed}, {note("operator restarted")}}),
           "2.1");
  CHECK(seen.after.of_kind("NetworkAttachmentDefinition", "shop").size() == 1);
  const auto newer = play(mesh_manifests(), change_of({{absent, join}, {installed, touch}}), "2.5");
  CHECK(newer.after.of_kind("NetworkAttachmentDefinition", "shop").size() == 1);
}

TEST_CASE("a removed Network object means that nothing is done to the network") {
  const auto prediction =
      play(mesh_manifests_and("apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: "
                              "cluster}\nspec: {networkType: OVNKubernetes}\n"),
           change_of({{remove("Network", "", "cluster"), members({"old", "shop"})}}));
  CHECK(prediction.after.of_kind("NetworkPolicy", "shop").empty());
  CHECK(label_after(prediction, "shop") == "mesh");
}

TEST_CASE("the newest release that a control plane shows is the operator's") {
  const auto plane = [](const std::string& ns, const std::string& release) {
    return "---\napiVersion: maistra.io/v2\nkind: ServiceMeshControlPlane\nmetadata: {name: p, "
           "namespace: " +
           ns + "}\nspec: {version: v2.4}\nstatus: {operatorVersion: " + release + "}\n";
  };
  const auto found = find_operator(
      objects_from(plane("a", "2.4.3") + plane("b", "2.5.2") + plane("c", "2.5.1")), "");
  REQUIRE(found.has_value());
  CHECK(found->version->name == "2.5");
  CHECK(found->release == "2.5.2");
}

TEST_CASE("a new operator stamps every control plane anew when it starts") {
  std::string state = mesh_manifests();
  state.replace(state.find("v2.5"), 4, "v2.4");
  Snapshot before;
  before.objects = play(state, change_of({{members({"old", "shop"})}}), "2.4").after;
  const auto upgraded = predict(before, change_of({{note("operator restarted")}}), {{}, "2.5"});
  REQUIRE(upgraded.has_value());
  const Object* policy = upgraded->after.find("NetworkPolicy", "mesh", "istio-mesh-basic");
  CHECK(policy->label(kAppVersionLabel) == "2.5.1-1");
  const Object* plane = upgraded->after.find("ServiceMeshControlPlane", "mesh", "basic");
  CHECK(plane->tree->string_at({"status", "operatorVersion"}) == "2.5.1");
  CHECK(outcome_of(*upgraded, "shop") == "configured");
}

TEST_CASE("the copies that operator 2.0 made are pruned by a newer one, and made again") {
  std::string state = mesh_manifests();
  state.replace(state.find("v2.5"), 4, "v2.0");
  Snapshot before;
  before.objects = play(state, change_of({{members({"old", "shop"})}}), "2.0").after;
  REQUIRE(before.objects.find("NetworkPolicy", "shop", "istio-mesh-basic")->has_label(kOwnerLabel));
  const auto upgraded = predict(before, change_of({{note("operator restarted")}}), {{}, "2.1"});
  REQUIRE(upgraded.has_value());
  const Object* copy = upgraded->after.find("NetworkPolicy", "shop", "istio-mesh-basic");
  REQUIRE(copy != nullptr);
  CHECK_FALSE(copy->has_label(kOwnerLabel));
}

TEST_CASE("operator 2.3 shows Kiali everything only if the roll is cluster-wide too") {
  std::string state = mesh_manifests();
  state.replace(state.find("version: v2.5"), 13,
                "version: v2.3, techPreview: {controlPlaneMode: ClusterScoped}");
  state +=
      "---\napiVersion: kiali.io/v1alpha1\nkind: Kiali\nmetadata: {name: kiali, namespace: "
      "mesh}\nspec: {}\n";
  const auto shown = [](const Prediction& prediction) {
    const Object* kiali = prediction.after.find("Kiali", "mesh", "kiali");
    return kiali->tree->find_path({"spec", "deployment", "accessible_namespaces"})->items.at(0);
  };
  const auto some = play(state, change_of({{members({"old", "shop"})}}), "2.3");
  CHECK(shown(some).text == "old");
  const auto all = play(state, change_of({{members({"*"})}}), "2.3");
  CHECK(shown(all).text == "**");
}

TEST_CASE("operator versions are found by minor and by full release") {
  CHECK(find_operator_version("2.5")->name == "2.5");
  CHECK(find_operator_version("2.4.6")->name == "2.4");
  CHECK(find_operator_version("v2.3.1")->name == "2.3");
  CHECK(find_operator_version("unknown") == nullptr);
  CHECK(find_operator_version("") == nullptr);
}

/// The mesh where members were listed while kind Network was not served.
ObjectStore silent_mesh(const std::string& version) {
  NetworkOptions vanilla;
  vanilla.absent_kinds = {"Network"};
  return play(mesh_manifests(), change_of({{members({"old", "shop"})}}), version, vanilla).after;
}

/// Whether the operator has let everybody go after the change.
bool lets_go(const ObjectStore& objects, const std::string& version,
             std::vector<ChangeStep> also = {}) {
  Snapshot before;
  before.objects = objects;
  also.push_back(members({}));
  const auto prediction = predict(before, change_of({std::move(also)}), {{}, version});
  REQUIRE(prediction.has_value());
  const bool silent =
      prediction->after.find("ServiceMeshMemberRoll", "mesh", "default")->tree->find("status") ==
      nullptr;
  return prediction->after.of_kind("ServiceMeshMember").empty() && !silent;
}

TEST_CASE("members without any report show old operators that the kind Network is not served") {
  const std::string version = GENERATE("2.0", "2.1");
  const ObjectStore silent = silent_mesh(version);
  CHECK_FALSE(lets_go(silent, version));
  CHECK(lets_go(silent, "2.2"));
  ObjectStore openshift = silent;
  openshift.put(make_object(trees_from("{apiVersion: network.openshift.io/v1, kind: HostSubnet, "
                                       "metadata: {name: node}}\n")
                                .at(0)));
  CHECK(lets_go(openshift, version));
  const ChangeStep network = apply(
      "{apiVersion: config.openshift.io/v1, kind: Network, metadata: {name: cluster}, spec: "
      "{networkType: OVNKubernetes}}");
  CHECK(lets_go(silent, version, {network}));
}

TEST_CASE("a member that has only just been made shows nothing of the network") {
  ObjectStore fresh = play(mesh_manifests(), change_of({{members({"old"})}}), "2.1").after;
  fresh.put(make_object(
      trees_from("{apiVersion: maistra.io/v1, kind: ServiceMeshMember, metadata: {name: default, "
                 "namespace: shop}, spec: {controlPlaneRef: {name: basic, namespace: mesh}}}\n")
          .at(0)));
  Snapshot before;
  before.objects = fresh;
  const auto prediction = predict(before, change_of({{members({"old", "pay"})}}), {{}, "2.1"});
  REQUIRE(prediction.has_value());
  CHECK(label_after(*prediction, "pay") == "mesh");
}

}  // namespace
}  // namespace meshproof
