#include "backends/apply/preflight.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "model/mesh/metadata.h"
#include "tests/backends/apply_scene.h"
#include "tests/backends/fake_cluster.h"
#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

struct Scene {
  TestClock clock;
  MemoryCluster cluster{clock};
  Execution execution = small_join();

  Scene() {
    fill_cluster(cluster);
    settle(execution, cluster);
  }
  std::vector<std::string> told(const PreflightOptions& options = {}) {
    const auto live = LiveState::open(cluster, execution);
    REQUIRE(live);
    std::vector<std::string> lines;
    for (const Diagnostic& each : preflight(execution, cluster, *live, options)) {
      lines.push_back("[" + each.code + "]: " + each.subject + ": " + each.message);
    }
    return lines;
  }
};

using Lines = std::vector<std::string>;

const ObjectKey kRoll{"maistra.io", "ServiceMeshMemberRoll", "mesh", "default"};

}  // namespace

TEST_CASE("a cluster as it was when the plan was made lets it begin") {
  CHECK(Scene().told() == Lines{});
}

TEST_CASE("a kind whose group is silent is watched all the same, so that nothing begins") {
  const Execution execution = small_join();
  const auto watches_rolls = [&](FakeCluster& cluster) {
    CHECK_FALSE(LiveState::open(cluster, execution));
    return std::ranges::find(cluster.observed, kRoll.kind, &Collection::kind) !=
           cluster.observed.end();
  };
  FakeCluster lacking;
  CHECK_FALSE(watches_rolls(lacking));
  FakeCluster silent;
  silent.silent["maistra.io"] = {
      .refusal = Refusal::Failed, .status = 503, .message = "the server is currently unable"};
  CHECK(watches_rolls(silent));
}

TEST_CASE("each object that has changed since is named") {
  Scene scene;
  Tree roll = scene.cluster.objects.at(kRoll);
  roll.find("spec")->set("members", Tree::strings({"pay", "bank"}));
  scene.cluster.put(roll);
  scene.cluster.put(trees_from("apiVersion: v1\nkind: Namespace\nmetadata: {name: new}\n").front());
  scene.cluster.erase({"", "Namespace", "", "shop"});
  CHECK(scene.told() ==
        Lines{"[plan-stale]: Namespace new: is new since the plan was made: make a new one",
              "[plan-stale]: Namespace shop: is gone since the plan was made: make a new one",
              "[plan-stale]: ServiceMeshMemberRoll mesh/default: is not as it was since the plan "
              "was made: make a new one"});
  // What the plan itself is about may be on its way in a run that goes on.
  CHECK(scene.told({.is_under_way = true}) ==
        Lines{"[plan-stale]: Namespace new: is new since the plan was made: make a new one"});
}

TEST_CASE("a status, a version and an annotation that nothing reads are no change") {
  Scene scene;
  Tree roll = scene.cluster.objects.at(kRoll);
  roll.mapping_at("status").set("configuredMembers", Tree::strings({}));
  set_annotation(roll, "example.com/looked-at", "today");
  scene.cluster.put(roll);
  CHECK(scene.told() == Lines{});
}

TEST_CASE("another cluster is told, and nothing else") {
  Scene scene;
  scene.execution.cluster.kube_system_uid = "u-2";
  scene.cluster.denied = {"patch ServiceMeshMemberRoll"};
  CHECK(scene.told() == Lines{"[other-cluster]: memory: the plan is for another cluster: the uid "
                              "of its Namespace kube-system is u-2, here it is u-1"});
  scene.execution.cluster = {};
  CHECK(scene.told().front().starts_with("[plan-without-cluster]: memory: "));
}

TEST_CASE("each right that is missing is named before the first write") {
  Scene scene;
  scene.cluster.denied = {"patch ServiceMeshMemberRoll", "create NetworkPolicy", "delete Lease"};
  CHECK(scene.told() ==
        Lines{"[missing-right]: memory: we may not delete Lease in mesh (docs/RBAC.md has the "
              "roles)",
              "[missing-right]: memory: we may not patch ServiceMeshMemberRoll in mesh "
              "(docs/RBAC.md has the roles)",
              "[missing-right]: memory: we may not create NetworkPolicy in shop (docs/RBAC.md has "
              "the roles)"});
  CHECK(scene.cluster.effective == Lines{});
}

TEST_CASE("a kind that the cluster does not serve is named once") {
  Scene scene;
  std::erase_if(scene.cluster.kinds,
                [](const ServedKind& kind) { return kind.kind == "ServiceMeshMemberRoll"; });
  const Lines lines = scene.told();
  CHECK(std::ranges::count(lines,
                           "[kind-not-served]: memory: the cluster serves no maistra.io/v1 "
                           "ServiceMeshMemberRoll, which the plan writes") == 1);
}

TEST_CASE("what a repository keeps is refused unless it is forced") {
  Scene scene;
  Tree roll = scene.cluster.objects.at(kRoll);
  set_label(roll, "kustomize.toolkit.fluxcd.io/name", "rolls");
  scene.cluster.put(roll);
  settle(scene.execution, scene.cluster);
  const Lines lines = scene.told();
  REQUIRE(lines.size() == 1);
  CHECK(lines.front().starts_with(
      "[tracked-object]: ServiceMeshMemberRoll mesh/default: Flux keeps it"));
  CHECK(scene.told({.force = true}) == Lines{});
}

TEST_CASE("a server that does not answer is told as it says") {
  Scene scene;
  const auto live = LiveState::open(scene.cluster, scene.execution);
  REQUIRE(live);
  scene.cluster.before = [](const SeenRequest&) {
    return ClusterError{Refusal::Unreachable, 0, "connection refused", {}};
  };
  const Diagnostics found = preflight(scene.execution, scene.cluster, *live, {});
  REQUIRE(found.size() == 1);
  CHECK(found.front().code == "cluster-failed");
  CHECK(found.front().message == "connection refused");
}
