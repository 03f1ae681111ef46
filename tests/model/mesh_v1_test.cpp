// Operators 1.0 and 1.1 and the control planes v1.0 and v1.1, which were not recorded: rows of
// operator.md 0, 2, 3.4, 4 and 8.

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "model/mesh/mesh.h"
#include "tests/model/mesh_scene.h"

namespace meshproof {
namespace {

std::string manifests_of(const std::string& plane_version, const std::string& values = "") {
  std::string state = mesh_manifests();
  std::string spec = "spec: {version: " + plane_version;
  if (!values.empty()) spec += ", istio: " + values;
  state.replace(state.find("spec: {version: v2.5}"), 21, spec + "}");
  return state;
}

std::string network_of(const std::string& type, const std::string& plugin = "") {
  std::string text =
      "---\napiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\nspec: "
      "{networkType: " +
      type + "}\n";
  if (!plugin.empty()) {
    text +=
        "---\napiVersion: network.openshift.io/v1\nkind: ClusterNetwork\nmetadata: {name: "
        "default}\npluginName: redhat/openshift-ovs-" +
        plugin + "\n";
  }
  return text;
}

std::set<std::string> names_in(const Prediction& prediction, std::string_view kind,
                               std::string_view ns) {
  std::set<std::string> names;
  for (const Object* object : prediction.after.of_kind(kind, ns)) names.insert(object->key.name);
  return names;
}

using Names = std::set<std::string>;

const auto kJoin = [] { return change_of({{members({"old", "shop"})}}); };

TEST_CASE("M5, operator.md 3.4: a v1 control plane has ten policies and copies two") {
  const auto version = GENERATE("v1.0", "v1.1");
  const auto prediction = play(manifests_of(version), kJoin(), version + 1);
  CHECK(names_in(prediction, "NetworkPolicy", "mesh") ==
        Names{"istio-expose-route", "istio-galley", "istio-grafana-ingress", "istio-ingress-router",
              "istio-ingressgateway", "istio-jaeger-ingress", "istio-kiali-ingress", "istio-mesh",
              "istio-prometheus-ingress", "istio-sidecar-injector"});
  CHECK(names_in(prediction, "NetworkPolicy", "shop") == Names{"istio-expose-route", "istio-mesh"});
}

TEST_CASE("operator.md 3.4: another Jaeger than its own gets a policy in v1.1 only") {
  const std::string values =
      "{tracing: {enabled: false}, global: {tracer: {zipkin: {address: a}}}}";
  const auto v11 = play(manifests_of("v1.1", values), kJoin(), "1.1");
  CHECK(names_in(v11, "NetworkPolicy", "mesh").contains("istio-external-jaeger-ingress"));
  CHECK_FALSE(names_in(v11, "NetworkPolicy", "mesh").contains("istio-jaeger-ingress"));
  const auto v10 = play(manifests_of("v1.0", values), kJoin(), "1.0");
  CHECK_FALSE(names_in(v10, "NetworkPolicy", "mesh").contains("istio-external-jaeger-ingress"));
}

TEST_CASE("M1, operator.md 2: what a v1 control plane binds in its members") {
  const Names both{"istio-citadel-mesh",
                   "istio-galley-admin-role-binding-mesh",
                   "istio-mixer-admin-role-binding-mesh",
                   "istio-pilot-mesh",
                   "istio-sidecar-injector-admin-role-binding-mesh",
                   "prometheus-mesh"};
  CHECK(names_in(play(manifests_of("v1.1"), kJoin(), "1.1"), "RoleBinding", "shop") == both);
  Names v10 = both;
  v10.merge(
      Names{"istio-egressgateway-mesh", "istio-ingressgateway-mesh", "istio-ingressgateway-sds"});
  CHECK(names_in(play(manifests_of("v1.0"), kJoin(), "1.0"), "RoleBinding", "shop") == v10);
  const auto more = play(
      manifests_of("v1.1",
                   "{gateways: {istio-ingressgateway: {ior_enabled: true, sds: {enabled: true}}}}"),
      kJoin(), "1.1");
  CHECK(names_in(more, "RoleBinding", "shop").contains("ior"));
  CHECK(names_in(more, "RoleBinding", "shop").contains("istio-ingressgateway-sds"));
}

TEST_CASE("M10, operator.md 4: operator 1.0 does not label its attachment and goes by its name") {
  const auto v10 = play(manifests_of("v1.0"), kJoin(), "1.0");
  const Object* plain = v10.after.find("NetworkAttachmentDefinition", "shop", "istio-cni");
  REQUIRE(plain != nullptr);
  CHECK_FALSE(plain->has_label(kMemberOfLabel));
  CHECK(plain->tree->find("spec") == nullptr);
  const auto v11 = play(manifests_of("v1.1"), kJoin(), "1.1");
  const Object* labelled = v11.after.find("NetworkAttachmentDefinition", "shop", "v1-1-istio-cni");
  REQUIRE(labelled != nullptr);
  CHECK(labelled->label(kMemberOfLabel) == "mesh");
  CHECK(labelled->tree->find("spec") == nullptr);
  const auto back = play(manifests_of("v1.0"),
                         change_of({{members({"old", "shop"})}, {members({"old"})}}), "1.0");
  CHECK(names_in(back, "NetworkAttachmentDefinition", "shop").empty());
}

TEST_CASE("M3: operators 1.x keep every label on a copy, and stamp no owner-name") {
  const auto version = GENERATE("1.0", "1.1");
  const auto prediction = play(manifests_of(std::string{"v"} + version), kJoin(), version);
  const Object* copy = prediction.after.find("NetworkPolicy", "shop", "istio-mesh");
  REQUIRE(copy != nullptr);
  CHECK(copy->label(kOwnerLabel) == "mesh");
  CHECK(copy->has_label(kAppVersionLabel));
  CHECK_FALSE(copy->has_label(kOwnerNameLabel));
  CHECK(copy->label("heritage") == "Tiller");
  CHECK(label_after(prediction, "shop") == "mesh");
}

struct NetworkRow {
  const char* type;
  const char* plugin;
  const char* outcome;
  std::size_t policies;
};

TEST_CASE("M8, operator.md 3.1: the networks that operators 1.0 and 1.1 know") {
  const auto version = GENERATE("1.0", "1.1");
  const auto row = GENERATE(values<NetworkRow>({
      {"Calico", "", "configured", 2},
      {"OpenShiftSDN", "networkpolicy", "configured", 2},
      {"OpenShiftSDN", "subnet", "configured", 0},
      {"OpenShiftSDN", "", "configured", 0},
      {"''", "", "configured", 0},
      {"OVNKubernetes", "", "failed: unsupported network type: OVNKubernetes", 0},
  }));
  INFO(version << ' ' << row.type << ' ' << row.plugin);
  const auto prediction =
      play(manifests_of(std::string{"v"} + version) + network_of(row.type, row.plugin), kJoin(),
           version);
  CHECK(names_in(prediction, "NetworkPolicy", "shop").size() == row.policies);
  CHECK(outcome_of(prediction, "shop") == row.outcome);
}

TEST_CASE("M7, operator.md 3.2: operators 1.x ask the SDN master whether that is needed or not") {
  const std::string joined =
      "---\napiVersion: network.openshift.io/v1\nkind: NetNamespace\nmetadata: {name: mesh}\n"
      "netname: mesh\nnetid: 5\n---\napiVersion: network.openshift.io/v1\nkind: NetNamespace\n"
      "metadata: {name: shop}\nnetname: shop\nnetid: 5\n---\napiVersion: network.openshift.io/v1\n"
      "kind: NetNamespace\nmetadata: {name: old}\nnetname: old\nnetid: 5\n";
  const auto asks = [&](const std::string& version, const std::string& plane) {
    const auto writes =
        writes_for(play(manifests_of(plane) + network_of("OpenShiftSDN", "multitenant") + joined,
                        kJoin(), version),
                   "shop");
    return std::ranges::count(writes, "update NetNamespace shop") > 0;
  };
  CHECK(asks("1.0", "v1.0"));
  CHECK(asks("1.1", "v1.1"));
  CHECK_FALSE(asks("2.0", "v2.0"));
}

TEST_CASE("B1, operator.md 3.5: one clash keeps the status of the whole roll from being written") {
  const auto version = GENERATE("1.0", "1.1");
  const std::string clash =
      "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: istio-mesh, "
      "namespace: shop}\nspec: {podSelector: {}}\n";
  const auto prediction = play(manifests_of(std::string{"v"} + version) + clash, kJoin(), version);
  const Object* roll = prediction.after.find("ServiceMeshMemberRoll", "mesh", "default");
  REQUIRE(roll != nullptr);
  const Tree* configured = roll->tree->find_path({"status", "configuredMembers"});
  REQUIRE(configured != nullptr);
  CHECK(configured->items.size() == 1);
  CHECK(label_after(prediction, "shop") == "none");
  CHECK(roll->tree->integer_at({"status", "observedGeneration"}) !=
        roll->tree->integer_at({"metadata", "generation"}));
  // 1.1 tries again and again, 1.0 forgets it.
  CHECK((outcome_of(prediction, "shop").find("already exists") != std::string::npos) ==
        (std::string_view{version} == "1.1"));
}

TEST_CASE("operator.md 8.5: with operators 1.x the roll goes with its control plane") {
  const auto version = GENERATE("1.0", "1.1");
  const auto prediction = play(
      manifests_of(std::string{"v"} + version),
      change_of({{members({"old", "shop"})}, {remove("ServiceMeshControlPlane", "mesh", "basic")}}),
      version);
  CHECK(prediction.after.find("ServiceMeshMemberRoll", "mesh", "default") == nullptr);
  CHECK(label_after(prediction, "old") == "none");
  CHECK(label_after(prediction, "shop") == "none");
  CHECK(label_after(prediction, "mesh") == "mesh");
  CHECK(names_in(prediction, "NetworkPolicy", "shop").empty());
}

TEST_CASE("operator.md 8.4: operator 1.0 lets go of what the roll lists, 1.1 of what is labelled") {
  const auto pay_after_deletion = [](const std::string& version) {
    // Nobody looks at the label before the roll goes.
    const auto change = change_of(
        {{patch("Namespace", "", "pay", "{metadata: {labels: {maistra.io/member-of: mesh}}}"),
          remove("ServiceMeshMemberRoll", "mesh", "default")}});
    return label_after(play(manifests_of("v" + version), change, version), "pay");
  };
  CHECK(pay_after_deletion("1.0") == "mesh");
  CHECK(pay_after_deletion("1.1") == "none");
}

TEST_CASE("operator.md 8.3: operator 1.1 forgets a removal that comes with a new control plane") {
  const auto old_after = [](const std::string& version) {
    const auto change =
        change_of({{patch("ServiceMeshControlPlane", "mesh", "basic", "{spec: {istio: {a: b}}}"),
                    members({"shop"})}});
    return label_after(play(manifests_of("v" + version), change, version), "old");
  };
  CHECK(old_after("1.0") == "none");
  CHECK(old_after("1.1") == "mesh");
}

TEST_CASE("operator.md 1.5: the roll of operator 1.0 has no conditions") {
  const auto conditions_of = [](const std::string& version) {
    const auto prediction = play(manifests_of("v" + version), kJoin(), version);
    const Object* roll = prediction.after.find("ServiceMeshMemberRoll", "mesh", "default");
    return roll->tree->find_path({"status", "conditions"}) != nullptr;
  };
  CHECK_FALSE(conditions_of("1.0"));
  CHECK(conditions_of("1.1"));
}

TEST_CASE("operator.md 7.3: a gateway outside of the mesh stops operator 1.1, not 1.0") {
  const std::string gateway = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: gw}\n";
  const auto stopped = [&](const std::string& version) {
    const auto change = change_of(
        {{patch("ServiceMeshControlPlane", "mesh", "basic",
                "{spec: {istio: {gateways: {istio-ingressgateway: {namespace: gw}}}}}")}});
    const auto prediction = play(manifests_of("v" + version) + gateway, change, version);
    return std::ranges::any_of(prediction.diagnostics, [](const Diagnostic& each) {
      return each.code == "control-plane-stopped";
    });
  };
  CHECK(stopped("1.1"));
  CHECK_FALSE(stopped("1.0"));
}

std::string refusal_of(const std::string& version, ChangeStep step) {
  const auto prediction = play(manifests_of(std::string{"v"} + version) +
                                   "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: bare}\n",
                               change_of({{std::move(step)}}), version);
  for (const Outcome& outcome : prediction.outcomes) {
    if (outcome.status == Outcome::Status::Rejected) return outcome.reason;
  }
  return "";
}

TEST_CASE("operator.md 7.1: what operators 1.x ask of a roll") {
  const auto version = GENERATE("1.0", "1.1");
  const std::string bare =
      "{apiVersion: maistra.io/v1, kind: ServiceMeshMemberRoll, metadata: {name: default, "
      "namespace: bare}, spec: {members: [shop]}}";
  CHECK(refusal_of(version, apply(bare)) == "no service mesh is configured in namespace 'bare'");
  CHECK(refusal_of(version, members({"old", "old", "No_Name"})).empty());
  const bool strips = std::string_view{version} == "1.1";
  CHECK(refusal_of(version, members({"mesh"})) ==
        (strips ? "" : "mesh project/namespace cannot be listed as a member"));
}

TEST_CASE("operator.md 7.3: operator 1.1 knows its own versions, 1.0 asks for none") {
  const auto step = patch("ServiceMeshControlPlane", "mesh", "basic", "{spec: {version: v2.0}}");
  const auto rejects = [&](const std::string& version) {
    const auto prediction = play(manifests_of("v" + version), change_of({{step}}), version);
    const Object* plane = prediction.after.find("ServiceMeshControlPlane", "mesh", "basic");
    return plane->tree->string_at({"spec", "version"}) != "v2.0";
  };
  CHECK(rejects("1.1"));
  CHECK_FALSE(rejects("1.0"));
}

TEST_CASE("what is not read of a v1 control plane is told") {
  const auto told = [](const std::string& state, std::string_view code) {
    return std::ranges::any_of(play(state, kJoin(), "1.1").diagnostics,
                               [&](const Diagnostic& each) { return each.code == code; });
  };
  const std::string plain = manifests_of("v1.1");
  CHECK_FALSE(told(plain, "unsupported-additional-gateway"));
  CHECK_FALSE(told(plain, "unsupported-profile"));
  CHECK(told(manifests_of("v1.1", "{gateways: {own: {enabled: true}}}"),
             "unsupported-additional-gateway"));
  CHECK(told(manifests_of("v1.1, template: own"), "unsupported-profile"));
}

TEST_CASE("what was not recorded is said in every prediction") {
  const auto version = GENERATE("1.0", "1.1");
  const auto prediction = play(manifests_of(std::string{"v"} + version), kJoin(), version);
  const std::string operator_sentence =
      std::string{"operator "} + version +
      " was not recorded when it ran: what is predicted for it is read off its sources";
  const std::string plane_sentence =
      std::string{"control planes v"} + version +
      " were not recorded from a running operator: what is predicted for them is extrapolated";
  for (const auto& sentence : {operator_sentence, plane_sentence}) {
    INFO(sentence);
    CHECK(std::ranges::find(prediction.assumptions, sentence) != prediction.assumptions.end());
  }
}

}  // namespace
}  // namespace meshproof
