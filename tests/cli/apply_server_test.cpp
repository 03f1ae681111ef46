// From a live cluster to a live cluster: snapshot, plan, apply, drift, and back, on a real API
// server with the operator as recorded.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"
#include "tests/support/apiserver/network_master.h"
#include "tests/support/apiserver/operator_stand_in.h"
#include "tests/support/apiserver/recorded_stage.h"

using namespace meshproof;

namespace {

/// A recorded join in one mode of the network.
struct Mode {
  std::string name;
  std::vector<std::string> cases;  ///< the join, and what else is known of its projects
  std::vector<std::string> joins;
  bool has_master = false;
};

Mode mode_named(const std::string& name) {
  if (name == "multitenant") {
    return {name, {"50-multitenant-join-leave.1", "50-multitenant-join-leave.2"}, {"shop"}, true};
  }
  if (name == "subnet") {
    return {name, {"60-subnet-join-leave.1", "60-subnet-join-leave.2"}, {"shop"}, false};
  }
  return {name, {"03-sdn-netpol-join-3.1"}, {"shop", "bookinfo", "payments"}, false};
}

/// The commands on one stage, with everything that plays beside them.
class Live {
 public:
  Live(const TestServer& server, const std::filesystem::path& recordings, const Mode& mode)
      : stage_(server, recordings, mode.cases),
        kubeconfig_(server.kubeconfig().string()),
        player_(server, stage_.book()) {
    if (mode.has_master) master_.emplace(server);
  }

  RecordedStage& stage() { return stage_; }
  OperatorStandIn& player() { return player_; }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.path(name); }

  CliRun run(std::vector<std::string> args) const {
    args.insert(args.end(), {"--kubeconfig", kubeconfig_});
    return run_cli(args);
  }
  CliRun apply(const std::string& plan, std::vector<std::string> more = {}) const {
    std::vector<std::string> args{
        "apply",     plan, "--backend", "kube", "--network-delay", "0", "--accept-objections",
        "--timeout", "30", "-o",        "json"};
    args.insert(args.end(), more.begin(), more.end());
    return run(std::move(args));
  }
  /// The plan of a join, made of a snapshot.
  std::string plan(const std::vector<std::string>& joins, bool is_safe) const {
    const CliRun taken = run({"snapshot", "-o", file("before.json")});
    INFO(taken.err);
    REQUIRE(taken.code == ExitCode::Success);
    std::vector<std::string> args{
        "plan", "-f", file("before.json"), "--out", file("plan.json"), "--quiet", "--join"};
    args.insert(args.end(), joins.begin(), joins.end());
    if (is_safe) args.emplace_back("--safe");
    const CliRun planned = run_cli(args);
    INFO(planned.err);
    REQUIRE(planned.code != ExitCode::InvalidInput);
    REQUIRE(planned.code != ExitCode::OutputFailed);
    return file("plan.json");
  }

 private:
  RecordedStage stage_;
  std::string kubeconfig_;
  std::optional<NetworkMaster> master_;
  OperatorStandIn player_;
  TemporaryFolder folder_;
};

std::string result_of(const CliRun& run) { return std::string(json_of(run).string_at({"result"})); }

void go_there_and_back(const Mode& mode, bool is_safe, const std::string& via) {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return;
  Live live(*server, recordings, mode);
  REQUIRE(live.player().comes_to_rest());
  const ObjectStore before = live_objects(live.stage().admin());
  const std::string plan = live.plan(mode.joins, is_safe);
  // Without the operator somebody else writes what it would.
  if (via == "objects") live.player().set_pace({.acts = false});
  const CliRun done = live.apply(plan, {"--via", via});
  INFO(done.out << done.err);
  REQUIRE(done.code == ExitCode::Success);
  CHECK(result_of(done) == "after");
  if (via == "roll") {
    const CliRun drift = live.run({"drift", "--quiet"});
    INFO(drift.out);
    CHECK(drift.code == ExitCode::Success);
    CHECK(live.run({"plan", "wait", plan, "--timeout", "5"}).code == ExitCode::Success);
  }
  const CliRun back = live.apply(plan, {"--rollback"});
  INFO(back.out << back.err);
  REQUIRE(back.code == ExitCode::Success);
  CHECK(result_of(back) == "before");
  live.player().set_pace({});
  REQUIRE(live.player().comes_to_rest());
  const auto left = differences_to(before, live_objects(live.stage().admin()));
  CHECK(left == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("a join is made by the roll and taken back in each mode", "[apiserver][conformance]") {
  const std::string mode = GENERATE("networkpolicy", "multitenant", "subnet");
  DYNAMIC_SECTION(mode) { go_there_and_back(mode_named(mode), false, "roll"); }
}

TEST_CASE("a join is made by objects and taken back in each mode", "[apiserver][conformance]") {
  const std::string mode = GENERATE("networkpolicy", "multitenant", "subnet");
  DYNAMIC_SECTION(mode) { go_there_and_back(mode_named(mode), false, "objects"); }
}

TEST_CASE("a safe order is carried out in each mode", "[apiserver][conformance]") {
  const std::string mode = GENERATE("networkpolicy", "multitenant", "subnet");
  DYNAMIC_SECTION(mode) { go_there_and_back(mode_named(mode), true, "roll"); }
}
