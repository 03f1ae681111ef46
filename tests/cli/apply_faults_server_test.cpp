// Plans carried out while things go wrong, on a real API server with the operator as recorded.

#include <algorithm>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "backends/apply/execute.h"
#include "backends/apply/preflight.h"
#include "backends/curl_transport.h"
#include "backends/kube/kube_cluster.h"
#include "backends/sha256.h"
#include "model/mesh/metadata.h"
#include "scenarios/execution.h"
#include "scenarios/kubeconfig.h"
#include "tests/cli/faulty_transport.h"
#include "tests/cli/run_cli.h"
#include "tests/support/apiserver/network_master.h"
#include "tests/support/apiserver/operator_stand_in.h"
#include "tests/support/apiserver/recorded_stage.h"

using namespace meshproof;

namespace {

constexpr PatienceLimits kPatience{.first_pause = std::chrono::milliseconds{5},
                                   .longest_pause = std::chrono::milliseconds{100},
                                   .at_most = std::chrono::seconds{5}};

constexpr const char* kStranger = "bank";

struct Mode {
  std::vector<std::string> cases;
  std::vector<std::string> joins;
  bool has_master = false;
};

/// How many runs ended how.
struct Tally {
  int after = 0;
  int before = 0;
  int resumed = 0;
  int killed = 0;
  int edited = 0;  ///< by somebody else meanwhile
};

/// One cluster on which many runs follow each other, each from the state before.
class FaultBench {
 public:
  FaultBench(const TestServer& server, const std::filesystem::path& recordings, const Mode& mode)
      : stage_(server, recordings, mode.cases), player_(server, stage_.book()) {
    if (mode.has_master) master_.emplace(server);
    REQUIRE(player_.comes_to_rest());
    before_ = live_objects(stage_.admin());
    const std::string kubeconfig = server.kubeconfig().string();
    auto address =
        find_cluster_address({kubeconfig, {}}, KubeconfigPlaces::of_environment(), sources_, told_);
    REQUIRE(address);
    address_ = *address;
    const std::string snapshot = folder_.path("before.json");
    REQUIRE(run_cli({"snapshot", "--kubeconfig", kubeconfig, "-o", snapshot}).code ==
            ExitCode::Success);
    std::vector<std::string> args{"plan",    "-f",    snapshot, "--out", folder_.path("plan.json"),
                                  "--quiet", "--join"};
    args.insert(args.end(), mode.joins.begin(), mode.joins.end());
    (void)run_cli(args);
    auto execution = read_execution(folder_.path("plan.json"), sha256, sources_);
    REQUIRE(execution);
    execution_ = *execution;
  }

  void run(unsigned seed, Tally& tally) {
    INFO("seed " << seed);
    std::minstd_rand chance(seed + 1);
    const Via via = seed % 2 == 0 ? Via::Roll : Via::Objects;
    FaultRates rates{.refused = 6, .cut = 4, .slow = 4, .killed = 2};
    if (seed / 3 % 3 == 1) rates.overtaken = 50;
    if (seed % 7 == 3) rates.expires_at = static_cast<int>(seed % 40);
    player_.set_pace(pace_of(seed, via));
    const std::string journal = folder_.path("journal-" + std::to_string(seed));
    FaultyTransport::Taken taken;
    std::optional<ExecutionRun> end;
    for (int tried = 0; tried < 5 && (!end || end->end == ExecutionEnd::Stopped); ++tried) {
      if (tried > 0) ++tally.resumed;
      try {
        end = attempt(journal, via, rates, chance, taken);
      } catch (const KilledHere&) {
        end.reset();
        ++tally.killed;
      }
      rates.expires_at = -1;
    }
    if (has_stranger_) {
      ++tally.edited;
      take_stranger_out();
    }
    if (!end || end->end == ExecutionEnd::Stopped) {
      if (via == Via::Roll) player_.set_pace({});
      end = attempt(journal, via, {}, chance, taken);
    }
    INFO(end->because);
    REQUIRE(end->end != ExecutionEnd::Stopped);
    ++(end->end == ExecutionEnd::After ? tally.after : tally.before);
    if (end->end == ExecutionEnd::After) {
      check_after();
      if (via == Via::Roll) player_.set_pace({});
      end = attempt(journal, via, {}, chance, taken, true);
      INFO(end->because);
      REQUIRE(end->end == ExecutionEnd::Before);
    }
    check_before();
    // No write twice on either way: what is patched is so there and back.
    for (const auto& [write, count] : taken) {
      INFO(write);
      CHECK(count <= (write.starts_with("PATCH") ? 2 : 1));
    }
  }

 private:
  /// An operator that acts, is down, is slow, or stands still in the middle until it comes back.
  static OperatorPace pace_of(unsigned seed, Via via) {
    if (via == Via::Objects || seed % 10 == 2) return {.acts = false};
    if (seed % 10 == 4) return {.stops_after = seed % 17};
    if (seed % 10 == 6) return {.between_writes = std::chrono::milliseconds{30}};
    return {};
  }

  std::optional<ExecutionRun> attempt(const std::string& path, Via via, const FaultRates& rates,
                                      std::minstd_rand& chance, FaultyTransport::Taken& taken,
                                      bool takes_back = false) {
    auto cluster = open_kube_cluster(
        std::make_unique<FaultyTransport>(open_curl_transport(address_), rates, chance, taken,
                                          [this] { let_stranger_in(); }),
        system_clock(), kPatience);
    auto live = LiveState::open(*cluster, execution_);
    if (!live) return ExecutionRun{.because = live.error().message};
    const bool resumes = std::filesystem::exists(path);
    auto journal = resumes ? Journal::resume(path, execution_)
                           : Journal::begin(path, execution_, via, "run of a test");
    REQUIRE(journal);
    Lease lease(*cluster, system_clock(), lease_namespaces(execution_), "run of a test");
    ApplyScene scene{
        execution_,
        *cluster,
        *live,
        *journal,
        lease,
        system_clock(),
        {.patience = std::chrono::seconds(rates.refused > 0 ? 5 : 60), .network_seconds = 0},
        {}};
    return takes_back ? take_back(scene, "the next run begins before") : execute(scene);
  }

  /// Somebody else edits the roll, if there is one, once in a run.
  void let_stranger_in() {
    if (has_stranger_ || !stage_.admin().find(roll_key())) return;
    std::vector<std::string> members = roll_members();
    members.emplace_back(kStranger);
    stage_.edit_members(members);
    has_stranger_ = true;
  }

  /// What somebody else has written is there whatever became of ours.
  void take_stranger_out() {
    std::vector<std::string> members = roll_members();
    CHECK(std::erase(members, kStranger) == 1);
    // The rolls of the recordings have no empty list.
    const Tree left = members.empty() ? Tree::null() : Tree::strings(members);
    const Tree spec = Tree::mapping({{"members", left}});
    REQUIRE(stage_.admin().merge(roll_key(), Tree::mapping({{"spec", spec}})).is_ok());
    has_stranger_ = false;
  }

  [[nodiscard]] ObjectKey roll_key() const {
    return key_for("ServiceMeshMemberRoll", stage_.book().mesh, "default");
  }
  std::vector<std::string> roll_members() {
    return strings_at(stage_.admin().find(roll_key()).value(), {"spec", "members"});
  }

  void check_after() {
    std::vector<std::string> missing;
    LiveObjects live;
    for (const Object& object : live_objects(stage_.admin())) {
      live.emplace(object.key, *object.tree);
    }
    for (const Effect& effect : effects_of(execution_.stages, Via::Objects)) {
      if (missing_of(effect, live)) missing.push_back(to_string(effect));
    }
    CHECK(missing == std::vector<std::string>{});
  }

  void check_before() {
    player_.set_pace({});
    REQUIRE(player_.comes_to_rest());
    std::vector<std::string> left = differences_to(before_, live_objects(stage_.admin()));
    // Where it cannot be given up it runs out.
    std::erase(left, "Lease mesh-a/meshproof-apply should not be there");
    CHECK(left == std::vector<std::string>{});
  }

  RecordedStage stage_;
  std::optional<NetworkMaster> master_;
  OperatorStandIn player_;
  TemporaryFolder folder_;
  Sources sources_;
  Diagnostics told_;
  ClusterAddress address_;
  Execution execution_;
  ObjectStore before_;
  bool has_stranger_ = false;
};

const std::vector<Mode>& modes() {
  static const std::vector<Mode> kModes{
      {{"03-sdn-netpol-join-3.1"}, {"shop", "bookinfo", "payments"}, false},
      {{"50-multitenant-join-leave.1", "50-multitenant-join-leave.2"}, {"shop"}, true},
      {{"60-subnet-join-leave.1", "60-subnet-join-leave.2"}, {"shop"}, false}};
  return kModes;
}

void run_seeds(unsigned first, unsigned count) {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return;
  Tally tally;
  for (unsigned mode = 0; mode < 3; ++mode) {
    FaultBench bench(*server, recordings, modes()[mode]);
    for (unsigned seed = first; seed < first + count; ++seed) {
      if (seed % 3 == mode) bench.run(seed, tally);
    }
  }
  CHECK(tally.after > 0);
  CHECK(tally.before > 0);
  CHECK(tally.resumed > 0);
  CHECK(tally.edited > 0);
  WARN(count << " runs: " << tally.after << " ended after, " << tally.before << " before, "
             << tally.resumed << " times resumed, " << tally.killed << " times killed, "
             << tally.edited << " with another's edit");
}

}  // namespace

TEST_CASE("twenty runs with faults end after or before", "[apiserver][conformance]") {
  run_seeds(0, 20);
}

TEST_CASE("five hundred runs with faults end after or before", "[apiserver][slow]") {
  run_seeds(20, 500);
}
