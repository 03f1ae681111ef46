// What can go wrong on the way into a mesh and out of it: what each failure leaves behind and what
// heals it, as operator-recorded.md tells. The failures are played, so these rows check the game.

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "model/hazard.h"
#include "tests/model/mesh_scene.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

const std::string kMultitenant =
    "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\nspec: "
    "{networkType: OpenShiftSDN}\n---\napiVersion: network.openshift.io/v1\nkind: "
    "ClusterNetwork\nmetadata: {name: default}\npluginName: redhat/openshift-ovs-multitenant\n"
    "---\napiVersion: network.openshift.io/v1\nkind: NetNamespace\nmetadata: {name: mesh}\n"
    "netname: mesh\nnetid: 10\n---\napiVersion: network.openshift.io/v1\nkind: NetNamespace\n"
    "metadata: {name: old}\nnetname: old\nnetid: 11\n---\napiVersion: network.openshift.io/v1\n"
    "kind: NetNamespace\nmetadata: {name: shop}\nnetname: shop\nnetid: 12\n";
const std::string kOvn =
    "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\nspec: "
    "{networkType: OVNKubernetes}\n";
const std::string kSdn =
    "apiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\nspec: "
    "{networkType: OpenShiftSDN}\n---\napiVersion: network.openshift.io/v1\nkind: "
    "ClusterNetwork\nmetadata: {name: default}\npluginName: redhat/openshift-ovs-networkpolicy\n";

std::string manifests_of(const std::string& version) {
  std::string state = mesh_manifests();
  state.replace(state.find("v2.5"), 4, "v" + version);
  return state;
}

std::vector<Hazard> hazards_of(const std::string& state, const Change& change,
                               const std::string& version) {
  const Prediction prediction = play(state, change, version);
  PredictOptions options;
  options.operator_version = version;
  return find_hazards(prediction, change, options);
}

const Hazard* find_hazard(const std::vector<Hazard>& hazards, std::string_view code) {
  const auto found = std::ranges::find(hazards, code, &Hazard::code);
  return found == hazards.end() ? nullptr : &*found;
}

bool leaves(const Hazard& hazard, std::string_view part) {
  return std::ranges::any_of(hazard.left,
                             [&](const std::string& word) { return word.starts_with(part); });
}

struct Row {
  const char* source;  ///< section, or recorded case
  const char* version;
  const std::string* network;
  const char* code;
  bool join;
  Healing healing;
  bool labelled;  ///< what is left carries a label
};

TEST_CASE("B1: each failure leaves what was recorded, and heals as was recorded") {
  const auto row = GENERATE(values<Row>({
      {"07", "2.5", &kSdn, "name-clash-policy", true, Healing::WhenTouched, false},
      {"07", "2.4", &kSdn, "name-clash-policy", true, Healing::WhenTouched, false},
      {"op2.3-name-clash", "2.3", &kSdn, "name-clash-policy", true, Healing::WithControlPlane,
       false},
      {"op2.2-name-clash", "2.2", &kSdn, "name-clash-policy", true, Healing::WithControlPlane,
       false},
      {"op2.1-name-clash", "2.1", &kSdn, "name-clash-policy", true, Healing::WithControlPlane,
       false},
      {"op2.0-name-clash", "2.0", &kSdn, "name-clash-policy", true, Healing::WhenCured, false},
      {"08", "2.5", &kSdn, "name-clash-binding", true, Healing::WhenTouched, true},
      {"08", "2.5", &kSdn, "name-clash-attachment", true, Healing::WhenTouched, true},
      {"52", "2.5", &kMultitenant, "missing-net-namespace", true, Healing::WhenTouched, false},
      {"52", "2.1", &kMultitenant, "missing-net-namespace", true, Healing::WithControlPlane, false},
      {"51", "2.5", &kMultitenant, "sdn-timeout", true, Healing::WhenTouched, false},
      {"51, leave", "2.5", &kMultitenant, "sdn-timeout", false, Healing::WhenCured, false},
      {"op2.0-multitenant", "2.0", &kMultitenant, "sdn-timeout", true, Healing::WhenCured, true},
      {"operator.md 1.4", "2.5", &kSdn, "foreign-project", true, Healing::WhenCured, true},
      {"operator.md 1.4", "2.2", &kSdn, "foreign-project", true, Healing::WithControlPlane, true},
      {"operator.md 1.4", "2.5", &kSdn, "claimed-project", true, Healing::WhenCured, false},
      {"18", "2.5", &kSdn, "terminating-project", true, Healing::WhenCured, false},
      {"05", "2.5", &kSdn, "missing-project", true, Healing::WhenCured, false},
      {"05", "2.0", &kSdn, "missing-project", true, Healing::WhenCured, false},
      {"41", "2.5", &kSdn, "unknown-plugin", true, Healing::WhenCured, false},
      {"41, leave", "2.5", &kSdn, "unknown-plugin", false, Healing::WhenCured, true},
      {"op2.1-nad-kind-absent", "2.1", &kSdn, "attachment-kind-missing", true, Healing::AtRestart,
       true},
      {"35", "2.5", &kSdn, "webhook-refusal", true, Healing::Never, false},
  }));
  INFO(row.source << ": operator " << row.version << ", " << row.code);
  const std::string state = manifests_of(row.version) + "---\n" + *row.network;
  const Change change = change_of({{row.join ? members({"old", "shop"}) : members({})}});
  const auto hazards = hazards_of(state, change, row.version);
  const Hazard* hazard = find_hazard(hazards, row.code);
  REQUIRE(hazard != nullptr);
  CHECK(hazard->joining == row.join);
  CHECK_FALSE(hazard->hits);
  CHECK(to_string(hazard->healing) == to_string(row.healing));
  CHECK(leaves(*hazard, "the label") == row.labelled);
  CHECK_FALSE(hazard->cure.empty());
}

TEST_CASE("B1: a kind Network that is not served holds 2.1 up, and nobody later") {
  const auto change = change_of({{members({"old", "shop"})}});
  const auto old = hazards_of(manifests_of("2.1"), change, "2.1");
  const Hazard* hazard = find_hazard(old, "network-kind-missing");
  REQUIRE(hazard != nullptr);
  CHECK(hazard->healing == Healing::WhenCured);
  CHECK(find_hazard(hazards_of(manifests_of("2.2"), change, "2.2"), "network-kind-missing") ==
        nullptr);
}

TEST_CASE("B1: what the input shows comes first and is told as hitting") {
  const std::string clash =
      "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: "
      "istio-mesh-basic, namespace: shop}\nspec: {podSelector: {}}\n";
  const auto hazards = hazards_of(manifests_of("2.5") + clash,
                                  change_of({{members({"old", "shop", "pay"})}}), "2.5");
  REQUIRE_FALSE(hazards.empty());
  const Hazard& first = hazards.front();
  CHECK(first.hits);
  CHECK(first.ns == "shop");
  CHECK(first.code == "name-clash-policy");
  CHECK(first.cause ==
        "a NetworkPolicy of the mesh's name is in shop and is not the mesh's "
        "(networkpolicies.networking.k8s.io \"istio-mesh-basic\" already exists)");
  CHECK(first.left ==
        std::vector<std::string>{"NetworkPolicy istio-expose-route-basic", "a ServiceMeshMember"});
  CHECK(std::ranges::find(first.lacks, "the label member-of=mesh") != first.lacks.end());
  CHECK(first.healing == Healing::WhenTouched);
  CHECK(std::ranges::count(hazards, true, &Hazard::hits) == 1);
}

TEST_CASE("B1: an edit that admission refuses hits every project that it names") {
  const std::string other =
      "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: mesh-b}\n---\napiVersion: "
      "maistra.io/v1\nkind: ServiceMeshMemberRoll\nmetadata: {name: default, namespace: mesh-b}\n"
      "spec: {members: [shop]}\n";
  const auto hazards =
      hazards_of(manifests_of("2.5") + other, change_of({{members({"old", "shop"})}}), "2.5");
  const Hazard* hazard = find_hazard(hazards, "webhook-refusal");
  REQUIRE(hazard != nullptr);
  CHECK(hazard->hits);
  CHECK(hazard->healing == Healing::Never);
}

TEST_CASE("B1: policies that stay when the network has changed are told as hitting the leave") {
  const std::string state = manifests_of("2.5") + "---\n" + kOvn;
  const auto change =
      change_of({{patch("Network", "", "cluster", "{spec: {networkType: OpenShiftSDN}}"),
                  apply("apiVersion: network.openshift.io/v1\nkind: ClusterNetwork\nmetadata: "
                        "{name: default}\npluginName: redhat/openshift-ovs-subnet\n")},
                 {members({})}});
  const auto hazards = hazards_of(state, change, "2.5");
  REQUIRE_FALSE(hazards.empty());
  CHECK(hazards.front().hits);
  CHECK_FALSE(hazards.front().joining);
}

struct OwnCause {
  const char* what;
  Change change;
  const char* ns;
  const char* code;
  Healing healing;
};

TEST_CASE("B1: a failure that the change itself causes does not heal before its cause goes") {
  const auto row = GENERATE(values<OwnCause>({
      {"09: the label is overwritten",
       change_of({{patch("Namespace", "", "old",
                         "{metadata: {labels: {maistra.io/member-of: other}}}")}}),
       "old", "foreign-project", Healing::WhenCured},
      {"18: the project is deleted", change_of({{remove("Namespace", "", "old")}}), "old",
       "missing-project", Healing::WhenCured},
      {"19: the control plane is deleted",
       change_of({{remove("ServiceMeshControlPlane", "mesh", "basic")}}), "old",
       "missing-control-plane", Healing::WhenCured},
      {"41: the plugin is changed, and a project joins",
       change_of(
           {{patch("ClusterNetwork", "", "default", "{pluginName: x}"), members({"old", "shop"})}}),
       "shop", "unknown-plugin", Healing::WhenCured},
  }));
  INFO(row.what);
  const auto hazards = hazards_of(manifests_of("2.5") + "---\n" + kSdn, row.change, "2.5");
  REQUIRE_FALSE(hazards.empty());
  const auto hit = std::ranges::find(hazards, row.ns, &Hazard::ns);
  REQUIRE(hit != hazards.end());
  CHECK(hit->hits);
  CHECK(hit->code == row.code);
  CHECK(to_string(hit->healing) == to_string(row.healing));
}

TEST_CASE("B1: a network that the operator does not know holds a join up until it is another") {
  const std::string unknown =
      "---\napiVersion: config.openshift.io/v1\nkind: Network\nmetadata: {name: cluster}\nspec: "
      "{networkType: OpenShiftSDN}\n---\napiVersion: network.openshift.io/v1\nkind: "
      "ClusterNetwork\nmetadata: {name: default}\npluginName: example.com/own\n";
  const auto change = change_of({{members({"old", "shop"})}});
  const auto held_up = hazards_of(manifests_of("2.5") + unknown, change, "2.5");
  REQUIRE_FALSE(held_up.empty());
  CHECK(held_up.front().code == "unknown-plugin");
  CHECK(held_up.front().healing == Healing::WhenCured);
  const auto old = hazards_of(manifests_of("1.1") + "---\n" + kOvn, change, "1.1");
  const auto* const hit = find_hazard(old, "unknown-plugin");
  REQUIRE(hit != nullptr);
  CHECK(hit->hits);
  CHECK(hit->healing == Healing::WhenCured);
}

TEST_CASE("B1: a name that looks like a place to fill in is a name") {
  // Admission of operator 1.1 asks for no names.
  const auto hazards =
      hazards_of(manifests_of("1.1"), change_of({{members({"old", "{ns}", "{mesh}"})}}), "1.1");
  const auto odd = std::ranges::find(hazards, "{ns}", &Hazard::ns);
  REQUIRE(odd != hazards.end());
  CHECK(odd->cause.starts_with("{ns} does not exist"));
}

TEST_CASE("nothing can go wrong where nobody joins or leaves") {
  const auto change =
      change_of({{patch("Namespace", "", "pay", "{metadata: {annotations: {a: b}}}")}});
  CHECK(hazards_of(manifests_of("2.5"), change, "2.5").empty());
}

}  // namespace
}  // namespace meshproof
