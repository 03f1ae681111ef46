// M2: a control plane watches its own project and the configured members (operator.md 1.5, 1.7).

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "model/mesh/watch_scope.h"
#include "tests/model/mesh_scene.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

using Names = std::vector<std::string>;

std::vector<ScopeChange> changes_of(const Prediction& prediction) {
  const OperatorVersion* version = find_operator_version(prediction.operator_version);
  REQUIRE(version != nullptr);
  return scope_changes(prediction.before, prediction.after, *version);
}

ScopeChange only_change(const Prediction& prediction) {
  const auto changes = changes_of(prediction);
  REQUIRE(changes.size() == 1);
  return changes.front();
}

TEST_CASE("M2: the scope moves with the roll, one project by the other") {
  const auto joined = only_change(play(mesh_manifests(), change_of({{members({"old", "shop"})}})));
  CHECK(joined.moves());
  CHECK(joined.before.namespaces == Names{"mesh", "old"});
  CHECK(joined.after.namespaces == Names{"mesh", "old", "shop"});
  CHECK(joined.gained == Names{"shop"});
  CHECK(joined.lost.empty());
  const auto left = only_change(play(mesh_manifests(), change_of({{members({})}})));
  CHECK(left.after.namespaces == Names{"mesh"});
  CHECK(left.lost == Names{"old"});
}

TEST_CASE("M2: a project that failed is labelled or listed, but not watched") {
  const std::string clash =
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: "
      "prometheus-mesh, namespace: shop}\nroleRef: {kind: ClusterRole, name: view}\n";
  const auto prediction = play(mesh_manifests_and(clash), change_of({{members({"old", "shop"})}}));
  CHECK(label_after(prediction, "shop") == "mesh");
  CHECK_FALSE(only_change(prediction).moves());
}

TEST_CASE("M2: the status decides, not the spec of a roll that nobody has looked at") {
  const auto scopes = watch_scopes(objects_from(mesh_manifests()));
  REQUIRE(scopes.size() == 1);
  CHECK(scopes.front().namespaces == Names{"mesh"});
}

TEST_CASE("M2: cluster-wide a control plane watches everything that its selectors match") {
  std::string state = mesh_manifests();
  state.replace(state.find("{version: v2.5}"), 15,
                "{version: v2.5, mode: ClusterWide, meshConfig: {discoverySelectors: "
                "[{matchLabels: {a: b}}]}}");
  const auto scopes = watch_scopes(objects_from(state));
  REQUIRE(scopes.size() == 1);
  CHECK(scopes.front().everything);
  CHECK(scopes.front().selected);
  CHECK(scopes.front().namespaces.empty());
}

TEST_CASE("M2: operators of one version forget members while they reconcile the control plane") {
  std::string state = mesh_manifests();
  state.replace(state.find("v2.5"), 4, "v2.1");
  const auto edit = change_of(
      {{patch("ServiceMeshControlPlane", "mesh", "basic", "{spec: {tracing: {sampling: 100}}}")}});
  const auto forgets = only_change(play(state, edit, "2.1"));
  CHECK(forgets.interrupted == Names{"old"});
  CHECK(forgets.before == forgets.after);
  CHECK(forgets.moves());
  CHECK(only_change(play(state, edit, "2.2")).interrupted.empty());
  CHECK(
      only_change(play(state, change_of({{members({"old", "shop"})}}), "2.1")).interrupted.empty());
}

TEST_CASE("M4, M2: two control planes have a scope each, and a deleted one none") {
  const std::string second =
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: mesh-b}\n---\napiVersion: maistra.io/v2\n"
      "kind: ServiceMeshControlPlane\nmetadata: {name: other, namespace: mesh-b}\nspec: {version: "
      "v2.4}\n---\napiVersion: maistra.io/v1\nkind: ServiceMeshMemberRoll\nmetadata: {name: "
      "default, namespace: mesh-b}\nspec: {members: [pay]}\n";
  const auto prediction = play(mesh_manifests_and(second),
                               change_of({{remove("ServiceMeshControlPlane", "mesh-b", "other")}}));
  const auto changes = changes_of(prediction);
  REQUIRE(changes.size() == 2);
  CHECK_FALSE(changes.front().moves());
  CHECK(changes.back().lost == Names{"mesh-b", "pay"});
  CHECK(changes.back().after.namespaces.empty());
}

}  // namespace
}  // namespace meshproof
