// What live objects settle: the operator's version, the charts' variant, the versions of copies.

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

#include "model/mesh/mesh.h"
#include "tests/model/drift_scene.h"
#include "tests/model/mesh_scene.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

TEST_CASE("live objects settle the version of the operator where nothing names it") {
  const auto version = GENERATE("2.1", "2.2", "2.3", "2.5");
  std::string text = mesh_manifests();
  text.replace(text.find("v2.5"), 4, std::string{"v"} + version);
  ObjectStore state = play(text, change_of({{members({"old", "shop"})}}), version).after;
  state = patched(state, "ServiceMeshControlPlane", "mesh", "basic",
                  "{status: {operatorVersion: unknown}}");
  const Drift named = drift_of(state);
  CHECK(named.operator_version == version);
  CHECK(named.operator_source == "generation label of NetworkPolicy mesh/istio-expose-route-basic");
}

TEST_CASE("an operator 2.6 that the status shows is taken for the newest, and that is said") {
  const Drift drift = drift_of(patched(installed(), "ServiceMeshControlPlane", "mesh", "basic",
                                       "{status: {operatorVersion: 2.6.1}}"));
  CHECK(drift.operator_version == "2.5");
  CHECK(drift.operator_release == "2.6.1");
  REQUIRE_FALSE(drift.assumptions.empty());
  CHECK(drift.assumptions.front() == "operator 2.6.1 is taken to behave like operator 2.5");
}

TEST_CASE("members settle the version of the operator where no label names it either") {
  std::string text = mesh_manifests();
  text.replace(text.find("v2.5"), 4, "v2.1");
  ObjectStore state = play(text, change_of({{members({"old", "shop"})}}), "2.2").after;
  state = patched(state, "ServiceMeshControlPlane", "mesh", "basic",
                  "{status: {operatorVersion: unknown}}");
  const ObjectStore labelled = state;
  for (const Object* policy : labelled.of_kind("NetworkPolicy", "mesh")) {
    state = patched(state, "NetworkPolicy", "mesh", policy->key.name,
                    "{metadata: {labels: {app.kubernetes.io/version: null}}}");
  }
  const Drift drift = drift_of(state);
  // Bindings of Roles were copied, which ended with 2.3.
  CHECK(drift.operator_version == "2.2");
  CHECK(drift.operator_source == "its members");
  REQUIRE_FALSE(drift.assumptions.empty());
  CHECK(drift.assumptions.at(0) ==
        "nothing in the input shows the operator's version: taken as 2.2, the newest whose members "
        "look like those of the input");
}

TEST_CASE("live objects settle the variant of the charts, else it is upstream's") {
  const auto product = [] {
    Snapshot before;
    before.objects = objects_from(mesh_manifests());
    PredictOptions options;
    options.chart_ports = ChartPorts::Product;
    return predict(before, change_of({{members({"old", "shop"})}}), options)->after;
  }();
  const Object* policy = product.find("NetworkPolicy", "mesh", "istio-istiod-basic");
  REQUIRE(policy != nullptr);
  CHECK(*policy->tree->find_path({"spec", "ingress"}) ==
        *trees_from("{apiVersion: v1, kind: K, metadata: {name: n}, ingress: [{ports: [{port: "
                    "webhook, protocol: TCP}]}]}")
             .at(0)
             .find("ingress"));
  CHECK(lines_of(drift_of(product)).empty());
  PredictOptions upstream;
  upstream.chart_ports = ChartPorts::Upstream;
  CHECK(lines_of(drift_of(product, upstream)).size() == 5);
  const ObjectStore open = installed();
  const Object* istiod = open.find("NetworkPolicy", "mesh", "istio-istiod-basic");
  REQUIRE(istiod != nullptr);
  CHECK(istiod->tree->find_path({"spec", "ingress"})->items.at(0).fields.empty());
}

TEST_CASE("a plan says which variant of the charts it took where nothing shows it") {
  const auto says = [](const Prediction& prediction) {
    return std::ranges::any_of(prediction.assumptions, [](const std::string& sentence) {
      return sentence.find("--charts product limits them") != std::string::npos;
    });
  };
  const auto change = change_of({{members({"old", "shop"})}});
  const Prediction assumed = play(mesh_manifests(), change);
  CHECK(says(assumed));
  Snapshot live;
  live.objects = assumed.after;
  const auto shown = predict(live, change, {});
  REQUIRE(shown.has_value());
  CHECK_FALSE(says(*shown));
}

TEST_CASE("M18: every policy and binding that is predicted carries a maistra-version") {
  const auto version = GENERATE("1.1", "2.0", "2.3", "2.5");
  std::string state = mesh_manifests();
  state.replace(state.find("v2.5"), 4, std::string{"v"} + version);
  const auto after = play(state, change_of({{members({"old", "shop"})}}), version).after;
  for (const auto kind : {"NetworkPolicy", "RoleBinding", "ClusterRoleBinding"}) {
    for (const Object* object : after.of_kind(kind)) {
      if (object->key.name == "mesh-users") continue;
      INFO(to_string(object->key));
      CHECK(object->label("maistra-version").starts_with(version));
    }
  }
}

}  // namespace
}  // namespace meshproof
