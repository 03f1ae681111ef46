#include "tests/cli/live_scene.h"

#include <algorithm>
#include <string_view>

#include <catch2/catch.hpp>

namespace meshproof {

Mode mode_named(const std::string& name) {
  if (name == "multitenant") {
    return {
        name, {"50-multitenant-join-leave.1", "50-multitenant-join-leave.2"}, {"bookinfo"}, true};
  }
  if (name == "subnet") {
    return {name, {"60-subnet-join-leave.1", "60-subnet-join-leave.2"}, {"bookinfo"}, false};
  }
  return {name, {"03-sdn-netpol-join-3.1"}, {"shop", "bookinfo", "payments"}, false};
}

Live::Live(const TestServer& server, const std::filesystem::path& recordings, const Mode& mode)
    : stage_(server, recordings, mode.cases),
      kubeconfig_(server.kubeconfig().string()),
      player_(server, stage_.book()) {
  if (mode.has_master) master_.emplace(server);
}

CliRun Live::run(std::vector<std::string> args) const {
  args.insert(args.end(), {"--kubeconfig", kubeconfig_});
  return run_cli(args);
}

CliRun Live::apply(const std::string& plan, std::vector<std::string> more) const {
  std::vector<std::string> args{"apply", plan, "--network-delay", "0", "--accept-objections"};
  const auto says = [&](std::string_view option) {
    return std::ranges::find(more, option) != more.end();
  };
  if (!says("--backend")) args.insert(args.end(), {"--backend", "kube"});
  if (!says("--timeout")) args.insert(args.end(), {"--timeout", "30"});
  if (!says("-o")) args.insert(args.end(), {"-o", "json"});
  args.insert(args.end(), more.begin(), more.end());
  return run(std::move(args));
}

std::string Live::snapshot(const std::string& name) const {
  const CliRun taken = run({"snapshot", "-o", file(name)});
  INFO(taken.err);
  REQUIRE(taken.code == ExitCode::Success);
  return file(name);
}

std::string Live::plan_of(const std::string& snapshot, const std::vector<std::string>& joins,
                          const std::vector<std::string>& more) const {
  std::vector<std::string> args{"plan",    "-f",    snapshot, "--out", file("plan.json"),
                                "--quiet", "--join"};
  args.insert(args.end(), joins.begin(), joins.end());
  args.insert(args.end(), more.begin(), more.end());
  const CliRun planned = run_cli(args);
  INFO(planned.err);
  REQUIRE(planned.code != ExitCode::InvalidInput);
  REQUIRE(planned.code != ExitCode::OutputFailed);
  return file("plan.json");
}

std::string Live::plan(const std::vector<std::string>& joins, bool is_safe) const {
  std::vector<std::string> more;
  if (is_safe) more.emplace_back("--safe");
  return plan_of(snapshot("before.json"), joins, more);
}

std::vector<std::string> Live::differences_from(const ObjectStore& objects) {
  return differences_to(objects, live_objects(stage_.admin()));
}

std::unique_ptr<Live> open_live(const Mode& mode) {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return nullptr;
  return std::make_unique<Live>(*server, recordings, mode);
}

std::unique_ptr<Live> open_live(const std::string& mode) { return open_live(mode_named(mode)); }

std::string result_of(const CliRun& run) { return std::string(json_of(run).string_at({"result"})); }

}  // namespace meshproof
