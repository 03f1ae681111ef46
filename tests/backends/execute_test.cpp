#include "backends/apply/execute.h"

#include <algorithm>
#include <filesystem>

#include <catch2/catch.hpp>

#include "model/mesh/metadata.h"
#include "tests/backends/apply_scene.h"
#include "tests/support/temporary_folder.h"

using namespace meshproof;

namespace {

/// A cluster with its operator, a plan for it and a place for the journal.
struct Scene {
  TestClock clock;
  MemoryCluster cluster{clock};
  SmallOperator mesh{cluster};
  Execution execution = small_join();
  TemporaryFolder folder;
  std::string journal = folder.path("plan.journal");
  std::map<ObjectKey, Tree> before;

  Scene() {
    fill_cluster(cluster);
    settle(execution, cluster);
    cluster.others = [this] { mesh.act(); };
    before = contents(cluster);
  }
  ExecutionRun run(const Attempt& how = {}) {
    return attempt(execution, cluster, clock, journal, how);
  }
};

const ObjectKey kRoll{"maistra.io", "ServiceMeshMemberRoll", "mesh", "default"};
const ObjectKey kBridge{"networking.k8s.io", "NetworkPolicy", "shop", "bridge"};
const ObjectKey kPolicy{"networking.k8s.io", "NetworkPolicy", "shop", "istio-mesh"};

/// Somebody else edits the roll.
void set_members(MemoryCluster& cluster, const std::vector<std::string>& members) {
  Tree roll = cluster.objects.at(kRoll);
  roll.find("spec")->set("members", Tree::strings(members));
  cluster.put(roll);
}

}  // namespace

TEST_CASE("a plan is carried out stage by stage and ends after") {
  Scene scene;
  const ExecutionRun run = scene.run();
  CHECK(run.end == ExecutionEnd::After);
  CHECK(run.because.empty());
  REQUIRE(run.stages.size() == 3);
  CHECK(run.stages[1].written == 1);
  CHECK(run.stages[1].delay_seconds == 5);
  CHECK(run.stages[2].delay_seconds == 0);
  CHECK(scene.cluster.objects.contains(kPolicy));
  CHECK_FALSE(scene.cluster.objects.contains(kBridge));
  // The lease is given up.
  CHECK(std::ranges::none_of(scene.cluster.objects,
                             [](const auto& each) { return each.first.kind == "Lease"; }));
}

TEST_CASE("a second run of a plan that is done writes nothing") {
  Scene scene;
  REQUIRE(scene.run().end == ExecutionEnd::After);
  const std::size_t writes = scene.cluster.effective.size();
  const ExecutionRun again = scene.run({.resumes = true});
  CHECK(again.end == ExecutionEnd::After);
  // The lease alone is taken and given up.
  CHECK(std::count_if(scene.cluster.effective.begin() + static_cast<std::ptrdiff_t>(writes),
                      scene.cluster.effective.end(), [](const std::string& write) {
                        return write.find("Lease") == std::string::npos;
                      }) == 0);
}

TEST_CASE("what was done is taken back when it is asked for, once and again") {
  Scene scene;
  REQUIRE(scene.run().end == ExecutionEnd::After);
  const ExecutionRun back = scene.run({.resumes = true, .takes_back = true});
  CHECK(back.end == ExecutionEnd::Before);
  CHECK(contents(scene.cluster) == scene.before);
  CHECK(scene.run({.resumes = true, .takes_back = true}).end == ExecutionEnd::Before);
  CHECK(contents(scene.cluster) == scene.before);
}

TEST_CASE("an operator that never acts is found out, and the edit taken back") {
  Scene scene;
  scene.mesh.is_dead = true;
  const ExecutionRun run = scene.run({.options = {.patience = std::chrono::seconds{20}}});
  CHECK(run.end == ExecutionEnd::Before);
  CHECK(run.has_written);
  CHECK(run.because == "Namespace shop is not as it should be after 20 s, and 2 more");
  CHECK(contents(scene.cluster) == scene.before);
}

TEST_CASE("without turning back it stops where the effect does not come") {
  Scene scene;
  scene.mesh.is_dead = true;
  const Attempt how{.options = {.patience = std::chrono::seconds{20}, .turns_back = false}};
  CHECK(scene.run(how).end == ExecutionEnd::Stopped);
  CHECK(scene.cluster.objects.contains(kBridge));
  scene.mesh.is_dead = false;
  CHECK(scene.run({.resumes = true}).end == ExecutionEnd::After);
}

TEST_CASE("somebody else's edit of the roll stops the run and is not written over") {
  Scene scene;
  bool has_edited = false;
  scene.cluster.before = [&](const SeenRequest& request) -> std::optional<ClusterError> {
    if (request.verb == "get" && request.key == kRoll && !std::exchange(has_edited, true)) {
      set_members(scene.cluster, {"pay", "bank"});
    }
    return std::nullopt;
  };
  const ExecutionRun run = scene.run();
  CHECK(run.end == ExecutionEnd::Before);
  CHECK(run.because ==
        "ServiceMeshMemberRoll mesh/default is not as planned: somebody else has written it");
  REQUIRE_FALSE(run.mismatches.empty());
  CHECK(run.mismatches.front().found->find_path({"spec", "members"})->items.size() == 2);
  const std::vector<std::string> left{"pay", "bank"};
  CHECK(strings_at(scene.cluster.objects.at(kRoll), {"spec", "members"}) == left);
  CHECK_FALSE(scene.cluster.objects.contains(kBridge));
}

TEST_CASE("an edit over ours is kept, and that ours is still in it is told") {
  Scene scene;
  scene.mesh.is_dead = true;
  scene.cluster.others = [&] {
    const Tree& roll = scene.cluster.objects.at(kRoll);
    if (strings_at(roll, {"spec", "members"}).size() != 2) return;
    set_members(scene.cluster, {"pay", "shop", "bank"});
  };
  const ExecutionRun run = scene.run({.options = {.patience = std::chrono::seconds{20}}});
  CHECK(run.end == ExecutionEnd::Stopped);
  CHECK(run.because.find("written by us and by somebody else") != std::string::npos);
  const std::vector<std::string> left{"pay", "shop", "bank"};
  CHECK(strings_at(scene.cluster.objects.at(kRoll), {"spec", "members"}) == left);
  // What the plan has behind the roll on its way back would come too early.
  CHECK(scene.cluster.objects.contains(kBridge));

  scene.cluster.others = nullptr;
  set_members(scene.cluster, {"pay", "shop"});
  CHECK(scene.run({.resumes = true}).end == ExecutionEnd::Before);
  CHECK(contents(scene.cluster) == scene.before);
}

TEST_CASE("a write of which nothing is known is taken for ours where somebody else has edited") {
  Scene scene;
  scene.cluster.after = [&](const SeenRequest& request) -> std::optional<ClusterError> {
    if (request.key != kRoll) return std::nullopt;
    set_members(scene.cluster, {"pay", "shop", "bank"});
    return ClusterError{Refusal::Failed, 504, "the answer is lost", {}};
  };
  const ExecutionRun run = scene.run();
  CHECK(run.end == ExecutionEnd::Stopped);
  CHECK(run.because.find("written by us and by somebody else") != std::string::npos);
  scene.cluster.after = nullptr;
  set_members(scene.cluster, {"pay", "shop"});
  CHECK(scene.run({.resumes = true}).end == ExecutionEnd::Before);
  CHECK(contents(scene.cluster) == scene.before);
}

TEST_CASE("a right that is lost on the way takes back what was written") {
  Scene scene;
  scene.cluster.before = [](const SeenRequest& request) -> std::optional<ClusterError> {
    if (request.is_write && request.key == kRoll) {
      return ClusterError{Refusal::Forbidden, 403, "rolls is forbidden", {}};
    }
    return std::nullopt;
  };
  const ExecutionRun run = scene.run();
  CHECK(run.end == ExecutionEnd::Before);
  CHECK(run.because ==
        "update of ServiceMeshMemberRoll mesh/default was refused: rolls is forbidden");
  CHECK(contents(scene.cluster) == scene.before);
}

TEST_CASE("another's policy in a touched project turns it back") {
  Scene scene;
  bool is_there = false;
  scene.cluster.others = [&] {
    scene.mesh.act();
    if (std::exchange(is_there, true)) return;
    scene.cluster.put(Tree::mapping(
        {{"apiVersion", Tree::string("networking.k8s.io/v1")},
         {"kind", Tree::string("NetworkPolicy")},
         {"metadata",
          Tree::mapping({{"name", Tree::string("own")}, {"namespace", Tree::string("shop")}})},
         {"spec", Tree::mapping({{"podSelector", Tree::mapping()}})}}));
  };
  const ExecutionRun run = scene.run();
  CHECK(run.end == ExecutionEnd::Before);
  CHECK(run.because == "somebody else has changed what the plan rests on");
  REQUIRE(run.meanwhile.size() == 1);
  CHECK(run.meanwhile.front().kind == BasisChange::Kind::Appeared);
}

TEST_CASE("a lease that somebody else holds keeps everything as it is") {
  Scene scene;
  Lease other(scene.cluster, scene.clock, {"mesh"}, "somebody");
  REQUIRE(other.take());
  const ExecutionRun run = scene.run();
  CHECK(run.end == ExecutionEnd::Stopped);
  CHECK_FALSE(run.has_written);
  CHECK(run.because.find("another apply is under way: Lease mesh/meshproof-apply is held by "
                         "somebody") == 0);
  scene.clock.sleep(std::chrono::seconds{60});
  // Nothing was written, so that there is nothing to resume.
  CHECK(scene.run().end == ExecutionEnd::After);
}

TEST_CASE("via objects everything that the operator would write is ours") {
  Scene scene;
  scene.mesh.is_dead = true;
  CHECK(scene.run({.via = Via::Objects}).end == ExecutionEnd::After);
  CHECK(scene.cluster.objects.contains(kPolicy));
  const ExecutionRun back = scene.run({.resumes = true, .takes_back = true});
  CHECK(back.end == ExecutionEnd::Before);
  CHECK(contents(scene.cluster) == scene.before);
}
