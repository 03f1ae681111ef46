// Joining and leaving a mesh: operator.md 8 and operator-recorded.md "Join order", "Leave order".

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "model/mesh/mesh.h"
#include "model/sdn/net_id.h"
#include "tests/model/mesh_scene.h"

namespace meshproof {
namespace {

using Texts = std::vector<std::string>;

const Texts kJoin = {"create ServiceMeshMember default",
                     "create NetworkPolicy istio-expose-route-basic",
                     "create NetworkPolicy istio-mesh-basic",
                     "create RoleBinding istiod-clusterrole-basic-mesh",
                     "create RoleBinding istiod-gateway-controller-basic-mesh",
                     "create RoleBinding prometheus-mesh",
                     "create NetworkAttachmentDefinition v2-5-istio-cni",
                     "update Namespace shop"};

TEST_CASE("a join writes policies, then bindings, the attachment and last the label") {
  const auto prediction = play(mesh_manifests(), change_of({{members({"old", "shop"})}}));
  CHECK(writes_for(prediction, "shop") == kJoin);
  CHECK(writes_for(prediction, "old").empty());
  CHECK(label_after(prediction, "shop") == "mesh");
  CHECK(outcome_of(prediction, "shop") == "configured");
  CHECK(outcome_of(prediction, "old") == "none");
}

TEST_CASE("policies share a rank, and every later kind of write has a higher one") {
  const auto prediction = play(mesh_manifests(), change_of({{members({"old", "shop"})}}));
  int policies = -1;
  int last = -1;
  for (const Step& step : prediction.steps) {
    if (step.project != "shop" || step.aside) continue;
    CHECK(step.rank >= last);
    last = step.rank;
    if (step.key.kind != "NetworkPolicy") continue;
    CHECK((policies == -1 || policies == step.rank));
    policies = step.rank;
  }
}

TEST_CASE("a copy keeps spec and annotations and loses the labels that the pruner looks for") {
  const auto prediction = play(mesh_manifests(), change_of({{members({"old", "shop"})}}));
  const Object* copy = prediction.after.find("NetworkPolicy", "shop", "istio-mesh-basic");
  const Object* source = prediction.after.find("NetworkPolicy", "mesh", "istio-mesh-basic");
  REQUIRE(copy != nullptr);
  REQUIRE(source != nullptr);
  CHECK(*copy->tree->find("spec") == *source->tree->find("spec"));
  CHECK(copy->label(kMemberOfLabel) == "mesh");
  CHECK(copy->label("maistra-version") == "2.5.1");
  for (const auto label : {kOwnerLabel, kOwnerNameLabel, kAppVersionLabel}) {
    CHECK_FALSE(copy->has_label(label));
    CHECK(source->has_label(label));
  }
  CHECK(copy->tree->find_path({"metadata", "ownerReferences"}) == nullptr);
}

TEST_CASE("a leave takes bindings, attachment and policies before the label") {
  const auto prediction = play(mesh_manifests(), change_of({{members({})}}));
  CHECK(writes_for(prediction, "old") ==
        Texts{"delete ServiceMeshMember default",
              "delete RoleBinding istiod-clusterrole-basic-mesh",
              "delete RoleBinding istiod-gateway-controller-basic-mesh",
              "delete RoleBinding prometheus-mesh",
              "delete NetworkAttachmentDefinition v2-5-istio-cni",
              "delete NetworkPolicy istio-expose-route-basic",
              "delete NetworkPolicy istio-mesh-basic", "update Namespace old"});
  CHECK(label_after(prediction, "old") == "none");
  CHECK(outcome_of(prediction, "old") == "removed: it is no member any more");
}

TEST_CASE("a join that was undone in the next phase leaves the state as it was") {
  const auto prediction =
      play(mesh_manifests(), change_of({{members({"old", "shop"})}, {members({"old"})}}));
  for (const auto kind :
       {"NetworkPolicy", "RoleBinding", "NetworkAttachmentDefinition", "ServiceMeshMember"}) {
    CHECK(prediction.after.of_kind(kind, "shop").empty());
  }
  CHECK(label_after(prediction, "shop") == "none");
}

std::string with_net_namespaces() {
  std::string text;
  for (const auto* line :
       {"mesh}\nnetid: 20", "old}\nnetid: 20", "shop}\nnetid: 30", "pay}\nnetid: 30"}) {
    text += std::string{text.empty() ? "" : "---\n"} +
            "apiVersion: network.openshift.io/v1\nkind: NetNamespace\nmetadata: {name: " + line +
            "\n";
  }
  return text + R"(---
apiVersion: config.openshift.io/v1
kind: Network
metadata: {name: cluster}
spec: {networkType: OpenShiftSDN}
---
apiVersion: network.openshift.io/v1
kind: ClusterNetwork
metadata: {name: default}
pluginName: redhat/openshift-ovs-multitenant
network: 10.128.0.0/14
serviceNetwork: 172.30.0.0/16
hostsubnetlength: 9
)";
}

std::uint32_t netid_after(const Prediction& prediction, const std::string& name) {
  return netid_of(*prediction.after.find("NetNamespace", "", name));
}

TEST_CASE("in mode Multitenant a join asks the SDN master and copies no policy") {
  const auto prediction =
      play(mesh_manifests_and(with_net_namespaces()), change_of({{members({"old", "shop"})}}));
  CHECK(writes_for(prediction, "shop") ==
        Texts{"create ServiceMeshMember default", "update NetNamespace shop",
              "update NetNamespace shop", "create RoleBinding istiod-clusterrole-basic-mesh",
              "create RoleBinding istiod-gateway-controller-basic-mesh",
              "create RoleBinding prometheus-mesh",
              "create NetworkAttachmentDefinition v2-5-istio-cni", "update Namespace shop"});
  CHECK(netid_after(prediction, "shop") == 20);
  REQUIRE(prediction.alternatives.size() == 1);
  CHECK(prediction.alternatives.front().when.find("only after") != std::string::npos);
}

TEST_CASE("in mode Multitenant a leave isolates the project on a fresh network") {
  const auto prediction =
      play(mesh_manifests_and(with_net_namespaces()), change_of({{members({})}}));
  const auto id = netid_after(prediction, "old");
  CHECK(id != 20);
  CHECK(id != 30);
  CHECK(label_after(prediction, "old") == "none");
}

TEST_CASE("without an SDN master a join times out, or passes by a stale cache") {
  const auto prediction = play(mesh_manifests_and(with_net_namespaces()),
                               change_of({{note("SDN master stopped"), members({"old", "shop"})}}));
  CHECK(outcome_of(prediction, "shop") == "failed: timed out waiting for the condition");
  CHECK(label_after(prediction, "shop") == "none");
  CHECK(netid_after(prediction, "shop") == 30);
  REQUIRE(prediction.alternatives.size() == 1);
  CHECK(prediction.alternatives.front().outcomes.front().status == Outcome::Status::Configured);
}

TEST_CASE("a pending request counts as joined at the next look, whether the master lives or not") {
  const auto prediction =
      play(mesh_manifests_and(with_net_namespaces()),
           change_of({{note("SDN master stopped"), members({"old", "shop"})},
                      {patch("Namespace", "", "shop", "{metadata: {annotations: {a: b}}}")}}));
  CHECK(outcome_of(prediction, "shop") == "configured");
  CHECK(netid_after(prediction, "shop") == 30);
}

TEST_CASE("a request that the input shows as pending is consumed, unless no master runs") {
  std::string state = mesh_manifests_and(with_net_namespaces());
  state.replace(state.find("{name: shop}\nnetid"), 12,
                "{name: shop, annotations: {pod.network.openshift.io/multitenant.change-network: "
                "'join:mesh'}}");
  const auto prediction = play(state, change_of({{members({"old", "shop"})}}));
  CHECK(outcome_of(prediction, "shop") == "configured");
  CHECK(netid_after(prediction, "shop") == 20);
  REQUIRE(prediction.alternatives.size() == 1);
  CHECK(prediction.alternatives.front().when ==
        "no SDN master runs, so that the requests stay that the input shows as pending");
}

TEST_CASE("a leave that the SDN master does not answer says what it left behind") {
  const auto prediction = play(mesh_manifests_and(with_net_namespaces()),
                               change_of({{note("SDN master stopped"), members({})}}));
  CHECK(outcome_of(prediction, "old") ==
        "removed: it is no member any more; the operator gave up: timed out waiting for the "
        "condition");
}

TEST_CASE("a missing NetNamespace fails the join") {
  const auto prediction =
      play(mesh_manifests_and(with_net_namespaces() +
                              "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: bare}\n"),
           change_of({{members({"old", "bare"})}}));
  CHECK(outcome_of(prediction, "bare") ==
        "failed: NetNamespace.network.openshift.io \"bare\" not found");
}

TEST_CASE("in mode Subnet nothing is done to the network") {
  NetworkOptions options;
  options.sdn = SdnMode::Subnet;
  const auto prediction =
      play(mesh_manifests(), change_of({{members({"old", "shop"})}}), "2.5", options);
  CHECK(prediction.after.of_kind("NetworkPolicy", "shop").empty());
  CHECK(label_after(prediction, "shop") == "mesh");
}

std::string network_of_plugin(const std::string& plugin) {
  return "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\n"
         "spec: {networkType: OpenShiftSDN}\n---\n"
         "apiVersion: network.openshift.io/v1\nkind: ClusterNetwork\nmetadata: {name: default}\n"
         "network: 10.128.0.0/14\nserviceNetwork: 172.30.0.0/16\nhostsubnetlength: 9\n"
         "pluginName: " +
         plugin + '\n';
}

TEST_CASE("an unknown plugin leaves a join without status until the plugin is known") {
  const std::string state = mesh_manifests_and(network_of_plugin("redhat/other"));
  const auto stuck = play(state, change_of({{members({"old", "shop"})}}));
  CHECK(outcome_of(stuck, "shop") == "failed: unsupported cluster network plugin: redhat/other");
  CHECK(stuck.after.find("ServiceMeshMember", "shop", "default")->tree->find("status") == nullptr);
  const auto healed =
      play(state, change_of({{members({"old", "shop"})},
                             {patch("ClusterNetwork", "", "default",
                                    "{pluginName: redhat/openshift-ovs-networkpolicy}")}}));
  CHECK(outcome_of(healed, "shop") == "configured");
}

TEST_CASE("policies stay behind when the network changed to Subnet before the leave") {
  const auto prediction = play(
      mesh_manifests_and(network_of_plugin("redhat/openshift-ovs-networkpolicy")),
      change_of(
          {{patch("ClusterNetwork", "", "default", "{pluginName: redhat/openshift-ovs-subnet}")},
           {members({})}}));
  CHECK(prediction.after.of_kind("NetworkPolicy", "old").size() == 2);
  CHECK(label_after(prediction, "old") == "none");
  CHECK(outcome_of(prediction, "old") ==
        "removed: it is no member any more; the mesh's NetworkPolicies stay: "
        "istio-expose-route-basic, istio-mesh-basic");
}

}  // namespace
}  // namespace meshproof
