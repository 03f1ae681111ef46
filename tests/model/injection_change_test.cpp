// M9: what a change does to sidecars, and to which namespaces it tells.

#include "model/mesh/injection_change.h"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/model/mesh_scene.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

std::string deployment(const std::string& ns, const std::string& name) {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name + ", namespace: " + ns +
         "}\nspec:\n  template:\n    metadata: {annotations: {sidecar.istio.io/inject: 'true'}}\n"
         "    spec: {containers: [{name: a}]}\n---\n";
}

std::string pod(const std::string& ns, const std::string& name, const std::string& containers) {
  return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "-1, namespace: " + ns +
         ", ownerReferences: [{kind: Deployment, name: " + name +
         ", controller: true}]}\nspec: {containers: [" + containers +
         "]}\nstatus: {phase: Running}\n---\n";
}

Snapshot projected(ObjectStore objects, const Snapshot* like = nullptr) {
  Diagnostics ignored;
  Cluster cluster = project(objects, {}, ignored, like);
  return {std::move(objects), {}, std::move(cluster)};
}

InjectionChanges changes_of(const std::string& state, const Change& change) {
  const Prediction prediction = play(state, change);
  const Snapshot before = projected(prediction.before);
  const Snapshot after = projected(prediction.after, &before);
  PredictOptions options;
  options.operator_version = "2.5";
  auto changes = injection_changes(before, after, prediction, options);
  REQUIRE(changes.has_value());
  return *std::move(changes);
}

/// `shop/web: no -> yes, 1 lacks-sidecar`
std::vector<std::string> lines_of_changes(const InjectionChanges& changes) {
  std::vector<std::string> lines;
  for (const InjectionChange& change : changes.workloads) {
    const std::string before = !change.before ? "new" : change.before->injected ? "yes" : "no";
    std::string line = change.after.ns + '/' + change.after.name + ": " + before + " -> " +
                       (change.after.decision.injected ? "yes" : "no");
    for (const MisfittingPod& each : change.after.misfits) {
      line += ", " + each.name + ' ' + std::string{to_string(each.misfit)};
    }
    lines.push_back(line);
  }
  return lines;
}

using Lines = std::vector<std::string>;

constexpr const char* kInjected =
    "{name: a}, {name: istio-proxy, env: [{name: CA_ADDR, value: 'istiod-basic.mesh.svc:15012'}]}";

TEST_CASE("M9: pods that run when their project joins have no sidecar until they are restarted") {
  const std::string state = mesh_manifests_and(
      deployment("shop", "web") + pod("shop", "web", "{name: a}") + deployment("pay", "api"));
  CHECK(lines_of_changes(changes_of(state, change_of({{members({"old", "shop"})}}))) ==
        Lines{"shop/web: no -> yes, web-1 lacks-sidecar"});
}

TEST_CASE("M9: pods keep their sidecar when their project leaves") {
  const std::string state =
      mesh_manifests_and(deployment("old", "web") + pod("old", "web", kInjected));
  const auto changes = changes_of(state, change_of({{members({})}}));
  CHECK(lines_of_changes(changes) == Lines{"old/web: yes -> no, web-1 keeps-sidecar"});
  CHECK(changes.workloads.front().after.decision.rule == InjectionRule::NotAMember);
}

TEST_CASE(
    "M11: an upgrade leaves every member's pods with the old network until they are made anew") {
  const std::string network =
      "metadata: {name: web-1, namespace: old, annotations: {k8s.v1.cni.cncf.io/networks: "
      "v2-5-istio-cni}";
  std::string running = pod("old", "web", kInjected);
  running.replace(running.find("metadata: {name: web-1, namespace: old"), 38, network);
  std::string state =
      mesh_manifests_and(deployment("old", "web") + running + deployment("pay", "api"));
  const auto same = changes_of(state, change_of({{note("nothing")}}));
  CHECK(same.workloads.empty());
  state.replace(state.find("{version: v2.5}"), 15, "{version: v2.4}");
  state.replace(state.find("v2-5-istio-cni"), 14, "v2-4-istio-cni");
  const auto changes = changes_of(
      state,
      change_of({{patch("ServiceMeshControlPlane", "mesh", "basic", "{spec: {version: v2.5}}")}}));
  CHECK(lines_of_changes(changes) == Lines{"old/web: yes -> yes, web-1 other-network"});
}

TEST_CASE("M9: a workload that the change brings is judged, and one that it takes is not") {
  const std::string state =
      mesh_manifests_and(deployment("old", "web") + deployment("old", "gone"));
  const auto changes = changes_of(
      state, change_of({{apply(deployment("old", "fresh")), remove("Deployment", "old", "gone")}}));
  CHECK(lines_of_changes(changes) == Lines{"old/fresh: new -> yes", "old/web: yes -> yes"});
}

TEST_CASE("M9: what is not read of the control planes that decide is told with the change") {
  std::string state = mesh_manifests_and(deployment("shop", "web"));
  state.replace(state.find("{version: v2.5}"), 15, "{version: v2.5, profiles: [own]}");
  const auto changes = changes_of(state, change_of({{members({"old", "shop"})}}));
  CHECK(changes.unmodelled == Lines{"mesh: profile own is not read"});
}

}  // namespace
}  // namespace meshproof
