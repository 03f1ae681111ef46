// What admission refuses of a control plane's spec, by its version and the operator's
// (operator.md 7.3); the rules that all mesh objects share are in mesh_admission_test.cpp.

#include <algorithm>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "tests/model/mesh_scene.h"

namespace meshproof {
namespace {

constexpr const char* kProject = "{apiVersion: v1, kind: Namespace, metadata: {name: new}}\n";

constexpr const char* kNoScale =
    "support for 3scale has been removed in v2.1; please remove the spec.addons.3scale section "
    "from the SMCP and configure the 3scale WebAssembly adapter using a ServiceMeshExtension "
    "resource";
constexpr const char* kNoMixer =
    "support for policy.type \"Mixer\" and policy.Mixer options have been removed in v2.1, please "
    "use another alternative";
constexpr const char* kNoTelemetry =
    "support for telemetry.type \"Mixer\" and telemetry.Mixer options have been removed in v2.1, "
    "please use another alternative";
constexpr const char* kOldSchema =
    "must use v2 ServiceMeshControlPlane resource for v2.0+ installations";

ChangeStep plane(const std::string& spec, const std::string& schema = "v2") {
  return apply("apiVersion: maistra.io/" + schema +
               "\nkind: ServiceMeshControlPlane\nmetadata: {name: basic, namespace: new}\nspec: " +
               spec + '\n');
}

std::string refusal_of(const Prediction& prediction, const std::string& ns) {
  const std::string outcome = outcome_of(prediction, ns);
  constexpr std::string_view kHead = "rejected: ";
  return outcome.starts_with(kHead) ? outcome.substr(kHead.size()) : "";
}

struct Row {
  const char* operator_version;
  const char* spec;
  std::string text;  ///< empty: accepted
};

TEST_CASE("admission refuses what a version of the control plane does not have") {
  const auto row = GENERATE(values<Row>({
      {"2.5", "{version: v2.5, gateways: {additionalIngress: {istio-ingressgateway: {}}}}",
       "cannot define additional gateway named \"istio-ingressgateway\""},
      {"2.0", "{gateways: {additionalEgress: {istio-egressgateway: {}}}}",
       "cannot define additional gateway named \"istio-egressgateway\""},
      {"2.5", "{gateways: {additionalIngress: {gw: {}}, additionalEgress: {gw: {}}}}",
       "multiple gateways defined for \"new/gw\""},
      {"2.5",
       "{gateways: {additionalIngress: {gw: {}}, additionalEgress: {gw: {namespace: other}}}}", ""},
      {"2.5", "{version: v2.2, policy: {type: Mixer}}", kNoMixer},
      {"2.1", "{policy: {mixer: {}}}", kNoMixer},
      {"2.5", "{telemetry: {type: Mixer}}", kNoTelemetry},
      {"2.5", "{telemetry: {type: Istiod, mixer: null}}", ""},
      {"2.0", "{policy: {type: Mixer}, addons: {3scale: {enabled: true}}}", ""},
      {"2.1", "{version: v2.0, policy: {type: Mixer}}", ""},
      {"2.5", "{addons: {3scale: {enabled: false}}}", kNoScale},
      {"2.5", "{policy: {type: Mixer}, addons: {3scale: {}}}",
       '[' + std::string{kNoMixer} + ", " + kNoScale + ']'},
      {"2.5", "{version: v2.3, techPreview: {controlPlaneMode: x}}",
       "spec.techPreview.controlPlaneMode must be either MultiTenant or ClusterScoped"},
      {"2.5", "{version: v2.2, meshConfig: {}}",
       "the spec.meshConfig field is only supported in version 2.4 and above"},
      {"2.3", "{version: v2.3, mode: Odd}", ""},
  }));
  INFO(row.operator_version << ' ' << row.spec);
  const auto prediction = play(kProject, change_of({{plane(row.spec)}}), row.operator_version);
  CHECK(refusal_of(prediction, "new") == row.text);
  const bool stored = prediction.after.find("ServiceMeshControlPlane", "new", "basic") != nullptr;
  CHECK(stored == row.text.empty());
}

TEST_CASE("control planes of v2 are not written in the schema of v1") {
  CHECK(refusal_of(play(kProject, change_of({{plane("{version: v2.5}", "v1")}})), "new") ==
        kOldSchema);
  CHECK(refusal_of(play(kProject, change_of({{plane("{version: v2.0}", "v1")}}), "2.0"), "new") ==
        kOldSchema);
  CHECK(refusal_of(play(kProject, change_of({{plane("{}", "v1")}}), "2.2"), "new").empty());
  CHECK(refusal_of(play(kProject, change_of({{plane("{}", "v1")}})), "new") ==
        "Only '[v2.2 v2.3 v2.4 v2.5]' versions are supported");
}

TEST_CASE("a control plane that the input shows in the schema of v1 can be edited") {
  std::string state = mesh_manifests();
  const std::string head = "maistra.io/v2";
  state.replace(state.find(head), head.size(), "maistra.io/v1");
  const auto prediction =
      play(state, change_of({{patch("ServiceMeshControlPlane", "mesh", "basic",
                                    "{spec: {security: {manageNetworkPolicy: false}}}")}}));
  CHECK(refusal_of(prediction, "mesh").empty());
}

std::string mesh_of(const std::string& version, const std::string& extension_in) {
  std::string state = mesh_manifests_and(
      "{apiVersion: maistra.io/v1, kind: ServiceMeshExtension, "
      "metadata: {name: wasm, namespace: " +
      extension_in + "}}\n");
  return state.replace(state.find("v2.5"), 4, version);
}

Change upgrade_to(const std::string& version) {
  return change_of(
      {{patch("ServiceMeshControlPlane", "mesh", "basic", "{spec: {version: " + version + "}}")}});
}

TEST_CASE("a ServiceMeshExtension in the mesh blocks the upgrade to a version without them") {
  const auto* const ns = GENERATE("mesh", "old");
  CHECK(refusal_of(play(mesh_of("v2.2", ns), upgrade_to("v2.4")), "mesh") ==
        "cannot upgrade control plane from version v2.2 to v2.4: found a ServiceMeshExtension "
        "'wasm' in namespace '" +
            std::string{ns} +
            "'. ServiceMeshExtension support has been removed; please migrate existing "
            "ServiceMeshExtensions to WasmPlugin");
  CHECK(refusal_of(play(mesh_of("v2.1", ns), upgrade_to("v2.2"), "2.4"), "mesh").empty());
  CHECK(refusal_of(play(mesh_of("v2.4", ns), upgrade_to("v2.2")), "mesh").empty());
}

TEST_CASE("a ServiceMeshExtension outside of the mesh blocks nothing") {
  CHECK(refusal_of(play(mesh_of("v2.2", "shop"), upgrade_to("v2.4")), "mesh").empty());
}

TEST_CASE("control planes do not move between v1 and v2 in place") {
  CHECK(refusal_of(play(mesh_of("v1.1", "shop"), upgrade_to("v2.0"), "2.2"), "mesh") ==
        "cannot upgrade control plane from version v1.1 to v2.0: inplace upgrade from v1.x to v2.0 "
        "is not supported");
  CHECK(refusal_of(play(mesh_of("v2.1", "shop"), upgrade_to("v1.1"), "2.2"), "mesh") ==
        "cannot downgrade control plane from version v2.1 to v1.1: inplace downgrade from v2.0 to "
        "v1.x is not supported");
}

TEST_CASE("a refused write has the code of who refused it") {
  const auto code_of = [](const Prediction& prediction) {
    const auto refused =
        std::ranges::find(prediction.outcomes, Outcome::Status::Rejected, &Outcome::status);
    REQUIRE(refused != prediction.outcomes.end());
    return refused->code;
  };
  CHECK(code_of(play(kProject, change_of({{plane("{version: v9.9}")}}))) == 400);
  CHECK(code_of(play(kProject, change_of({{plane("{mode: Odd}")}}))) == 422);
  CHECK(code_of(play(mesh_manifests(), change_of({{plane("{}")}}))) == 404);
  const std::string going =
      "{apiVersion: v1, kind: Namespace, metadata: {name: new, deletionTimestamp: "
      "\"2026-01-01T00:00:00Z\"}}\n";
  CHECK(code_of(play(going, change_of({{plane("{}")}}))) == 403);
  const auto joined = play(mesh_manifests(), change_of({{members({"old", "shop"})}}));
  CHECK_FALSE(joined.outcomes.front().code.has_value());
}

}  // namespace
}  // namespace meshproof
