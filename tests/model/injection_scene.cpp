#include "tests/model/injection_scene.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/support/yaml.h"

namespace meshproof {

Injections injections_in(const InjectionScenery& scenery, const NetworkOptions& network) {
  const auto and_more = [](const std::string& fields) {
    return fields.empty() ? "" : ", " + fields;
  };
  std::string state =
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: mesh}\n---\n"
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: " +
      scenery.ns + ", labels: {" + scenery.ns_labels + "}}\n---\n";
  state +=
      "apiVersion: maistra.io/v2\nkind: ServiceMeshControlPlane\n"
      "metadata: {name: basic, namespace: mesh}\nspec: {version: " +
      scenery.version + and_more(scenery.spec) + "}\nstatus: {" + scenery.status + "}\n---\n";
  state += "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: " + scenery.ns +
           and_more(scenery.own_metadata) + "}\nspec:\n  selector: {}\n  template:\n" +
           "    metadata: {labels: {" + scenery.labels + "}, annotations: {" + scenery.annotations +
           "}}\n    spec: {containers: [{name: app, image: x}]" + and_more(scenery.pod_spec) +
           "}\n";
  if (!scenery.more.empty()) state += "---\n" + scenery.more;
  PredictOptions options;
  options.operator_version = "2.5";
  options.network = network;
  auto found = find_injections(snapshot_from(state, network), options);
  REQUIRE(found.has_value());
  return *std::move(found);
}

WorkloadInjection injection_in(const InjectionScenery& scenery, const NetworkOptions& network) {
  const Injections found = injections_in(scenery, network);
  const auto at = std::ranges::find_if(found.workloads, [&](const WorkloadInjection& each) {
    return each.ns == scenery.ns && each.kind == "Deployment" && each.name == "web";
  });
  REQUIRE(at != found.workloads.end());
  return *at;
}

std::string words_of(const InjectionDecision& decision) {
  return (decision.injected ? "yes by " : "no by ") + std::string{to_string(decision.rule)};
}

}  // namespace meshproof
