#include <chrono>

#include <catch2/catch.hpp>

#include "model/project.h"
#include "solver/checks/tenancy.h"

namespace meshproof {

namespace {

Tree named(std::string version, std::string kind, const std::string& ns, const std::string& name) {
  Tree metadata = Tree::mapping({{"name", Tree::string(name)}});
  if (!ns.empty()) metadata.set("namespace", Tree::string(ns));
  return Tree::mapping({{"apiVersion", Tree::string(std::move(version))},
                        {"kind", Tree::string(std::move(kind))},
                        {"metadata", std::move(metadata)}});
}

Tree labels(const std::string& key, const std::string& value) {
  return Tree::mapping({{key, Tree::string(value)}});
}

Tree project_of(const std::string& mesh, const std::string& name) {
  Tree tree = named("v1", "Namespace", "", name);
  tree.mapping_at("metadata").set("labels", labels("maistra.io/member-of", mesh));
  return tree;
}

Tree policy(const std::string& ns, const std::string& name, Tree pods, Tree namespaces) {
  Tree peer = Tree::mapping(
      {{"namespaceSelector", Tree::mapping({{"matchLabels", std::move(namespaces)}})}});
  Tree rule = Tree::mapping({{"from", Tree::sequence({std::move(peer)})}});
  Tree tree = named("networking.k8s.io/v1", "NetworkPolicy", ns, name);
  tree.set("spec", Tree::mapping({{"podSelector", std::move(pods)},
                                  {"ingress", Tree::sequence({std::move(rule)})}}));
  return tree;
}

/// `meshes` × `members` projects, each with the two policies that the operator copies.
Snapshot many_meshes(int meshes, int members) {
  Snapshot snapshot;
  for (int m = 0; m < meshes; ++m) {
    const std::string mesh = "mesh-" + std::to_string(m);
    snapshot.objects.put(make_object(project_of(mesh, mesh)));
    for (int i = 0; i < members; ++i) {
      const std::string ns = mesh + "-member-" + std::to_string(i);
      snapshot.objects.put(make_object(project_of(mesh, ns)));
      snapshot.objects.put(make_object(
          policy(ns, "istio-mesh-basic", Tree::mapping(), labels("maistra.io/member-of", mesh))));
      snapshot.objects.put(make_object(
          policy(ns, "istio-expose-route-basic",
                 Tree::mapping({{"matchLabels", labels("maistra.io/expose-route", "true")}}),
                 labels("network.openshift.io/policy-group", "ingress"))));
    }
  }
  Diagnostics diagnostics;
  snapshot.cluster = project(snapshot.objects, {}, diagnostics);
  return snapshot;
}

}  // namespace

TEST_CASE("tenancy of 100 meshes over 20,000 policies is proved shape by shape", "[slow]") {
  const Snapshot snapshot = many_meshes(100, 100);
  REQUIRE(snapshot.cluster.policies.size() == 20'000);
  const auto start = std::chrono::steady_clock::now();
  const std::vector<Verdict> verdicts = check_tenancy(snapshot, {});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  REQUIRE(verdicts.size() == 100);
  for (const Verdict& verdict : verdicts) CHECK(verdict.holds());
  // A bound that only a lost slice or a lost dedup would break, not a busy machine.
  INFO("seconds: " << seconds.count());
  CHECK(seconds.count() < 60);
  WARN("tenancy of 100 meshes over 20,000 policies: " << seconds.count() << " s");
}

}  // namespace meshproof
