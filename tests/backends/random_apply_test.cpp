#include <algorithm>
#include <filesystem>
#include <map>
#include <random>

#include <catch2/catch.hpp>

#include "model/mesh/metadata.h"
#include "tests/backends/apply_scene.h"
#include "tests/support/temporary_folder.h"

using namespace meshproof;

namespace {

/// The process is killed.
struct Killed {};

/// What can go wrong in one run, by chance.
class Faults {
 public:
  Faults(MemoryCluster& cluster, SmallOperator& mesh, unsigned seed)
      : cluster_(cluster), mesh_(mesh), engine_(seed), rate_(seed % 5 == 0 ? 40 : 8) {
    mesh.is_dead = chance(10);
    has_second_writer_ = chance(15);
    expires_at_ = chance(10) ? pick(20) : -1;
  }

  void attach() {
    cluster_.before = [this](const SeenRequest& request) { return before(request); };
    cluster_.after = [this](const SeenRequest& request) { return after(request); };
    cluster_.others = [this] {
      if (!chance(30)) mesh_.act();
    };
  }
  /// Nothing goes wrong any more.
  void calm() {
    cluster_.before = {};
    cluster_.after = {};
    cluster_.others = [this] { mesh_.act(); };
  }
  [[nodiscard]] bool has_edited() const { return has_edited_; }
  bool chance(int percent) { return pick(100) < percent; }

 private:
  int pick(int below) { return std::uniform_int_distribution<int>{0, below - 1}(engine_); }

  void edit_the_roll() {
    const ObjectKey key{"maistra.io", "ServiceMeshMemberRoll", "mesh", "default"};
    Tree roll = cluster_.objects.at(key);
    std::vector<std::string> members = strings_at(roll, {"spec", "members"});
    members.emplace_back("bank");
    roll.find("spec")->set("members", Tree::strings(members));
    cluster_.put(roll);
    has_edited_ = true;
  }

  std::optional<ClusterError> before(const SeenRequest& request) {
    if (chance(rate_ / 4)) throw Killed{};
    if (has_second_writer_ && !has_edited_ && chance(10)) edit_the_roll();
    if (expires_at_ >= 0 && --expires_at_ < 0) {
      expires_at_ = 0;
      return ClusterError{Refusal::Unauthorized, 401, "the token has expired", {}};
    }
    if (!chance(rate_)) return std::nullopt;
    switch (pick(request.is_write ? 5 : 3)) {
      case 0:
        return ClusterError{Refusal::Throttled, 429, "too many requests", std::chrono::seconds{1}};
      case 1:
        return ClusterError{Refusal::Failed, 503, "unavailable", {}};
      case 2:
        return ClusterError{Refusal::Unreachable, 0, "connection refused", {}};
      case 3:
        return ClusterError{Refusal::Conflict, 409, "has been modified", {}};
      default:
        return ClusterError{Refusal::Forbidden, 403, "forbidden", {}};
    }
  }

  std::optional<ClusterError> after(const SeenRequest& /*request*/) {
    if (chance(rate_ / 4)) throw Killed{};
    if (!chance(rate_)) return std::nullopt;
    return ClusterError{Refusal::Unreachable, 0, "the connection was cut", {}};
  }

  MemoryCluster& cluster_;
  SmallOperator& mesh_;
  std::minstd_rand engine_;
  int rate_;
  bool has_second_writer_ = false;
  bool has_edited_ = false;
  int expires_at_ = -1;
};

/// Each of our writes changes something once on each way: none is lost or doubled.
void check_writes(const MemoryCluster& cluster) {
  std::map<std::string, int> counts;
  for (const std::string& write : cluster.effective) {
    if (write.find("Lease") == std::string::npos) ++counts[write];
  }
  for (const auto& [write, count] : counts) {
    INFO(write);
    // The bridge is made and removed on both ways; the roll is edited there and back.
    CHECK(count <= (write.find("bridge") != std::string::npos ? 2 : 1));
  }
}

/// In no moment between may the namespace be labelled while the bridge is not there.
void check_moments(const MemoryCluster& cluster) {
  int bridge = 0;
  for (const std::string& write : cluster.effective) {
    if (write == "create NetworkPolicy shop/bridge") ++bridge;
    if (write == "delete NetworkPolicy shop/bridge") --bridge;
    if (write.find("ServiceMeshMemberRoll") != std::string::npos) CHECK(bridge == 1);
  }
}

/// The other one's edit is never lost, whatever became of ours; they think better of it.
void take_edit_back(MemoryCluster& cluster) {
  Tree roll = cluster.objects.at({"maistra.io", "ServiceMeshMemberRoll", "mesh", "default"});
  std::vector<std::string> members = strings_at(roll, {"spec", "members"});
  CHECK(std::erase(members, "bank") == 1);
  roll.find("spec")->set("members", Tree::strings(members));
  cluster.put(roll);
}

/// How many runs ended how, so that a test that meets no fault fails.
struct Tally {
  int after = 0;
  int before = 0;
  int edited = 0;
  int killed = 0;
};

void run_with_faults(unsigned seed, Tally& tally) {
  INFO("seed " << seed);
  TestClock clock;
  MemoryCluster cluster(clock);
  fill_cluster(cluster);
  SmallOperator mesh(cluster);
  Execution execution = small_join();
  settle(execution, cluster);
  const auto before = contents(cluster);
  const TemporaryFolder folder;
  const std::string journal = folder.path("journal");
  Faults faults(cluster, mesh, seed);
  const Via via = seed % 3 == 0 ? Via::Objects : Via::Roll;
  const Attempt calm_attempt{
      .resumes = true, .via = via, .options = {.patience = std::chrono::seconds{60}}};
  std::optional<ExecutionRun> run;
  faults.attach();
  for (int tried = 0; tried < 6 && (!run || run->end == ExecutionEnd::Stopped); ++tried) {
    const bool resumes = std::filesystem::exists(journal);
    try {
      run = attempt(
          execution, cluster, clock, journal,
          {.resumes = resumes, .via = via, .options = {.patience = std::chrono::seconds{30}}});
    } catch (const Killed&) {
      run.reset();
      ++tally.killed;
    }
  }
  faults.calm();
  if (!run || run->end == ExecutionEnd::Stopped) {
    clock.sleep(std::chrono::seconds{120});
    Attempt last = calm_attempt;
    last.resumes = std::filesystem::exists(journal);
    run = attempt(execution, cluster, clock, journal, last);
  }
  if (faults.has_edited()) {
    ++tally.edited;
    take_edit_back(cluster);
    if (run->end == ExecutionEnd::Stopped) {
      clock.sleep(std::chrono::seconds{120});
      run = attempt(execution, cluster, clock, journal, calm_attempt);
    }
  }
  check_writes(cluster);
  check_moments(cluster);
  REQUIRE(run->end != ExecutionEnd::Stopped);
  ++(run->end == ExecutionEnd::Before ? tally.before : tally.after);
  if (run->end == ExecutionEnd::Before) {
    CHECK(contents(cluster) == before);
  } else {
    const ObjectKey policy{"networking.k8s.io", "NetworkPolicy", "shop", "istio-mesh"};
    const ObjectKey bridge{"networking.k8s.io", "NetworkPolicy", "shop", "bridge"};
    CHECK(cluster.objects.contains(policy));
    CHECK_FALSE(cluster.objects.contains(bridge));
  }
}

}  // namespace

TEST_CASE("whatever goes wrong, it ends after or before, with each write made once") {
  Tally tally;
  for (unsigned seed = 0; seed < 300; ++seed) run_with_faults(seed, tally);
  CHECK(tally.after > 30);
  CHECK(tally.before > 30);
  CHECK(tally.edited > 10);
  CHECK(tally.killed > 100);
}

TEST_CASE("the same of many more runs", "[slow]") {
  Tally tally;
  for (unsigned seed = 300; seed < 5000; ++seed) run_with_faults(seed, tally);
  WARN("after " << tally.after << ", before " << tally.before << ", with another's edit "
                << tally.edited << ", kills " << tally.killed);
}
