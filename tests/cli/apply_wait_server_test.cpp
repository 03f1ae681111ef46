// Others at work: a change that somebody else makes, and two applies at once.

#include <chrono>
#include <future>
#include <string>
#include <thread>

#include <catch2/catch.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "tests/cli/live_scene.h"
#include "tests/support/yaml.h"

using namespace meshproof;
using Catch::Matchers::Contains;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const ObjectKey kLease{"coordination.k8s.io", "Lease", "mesh-a", "meshproof-apply"};

/// `2026-02-03T04:05:06.000000Z`
std::string time_before_now(seconds ago) {
  const auto time = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() - ago);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.000000Z", fmt::gmtime(time));
}

void hold_lease(Live& live, seconds ago) {
  const ApiAnswer answer = live.admin().create(
      trees_from(fmt::format("{{apiVersion: coordination.k8s.io/v1, kind: Lease, "
                             "metadata: {{name: meshproof-apply, namespace: mesh-a}}, "
                             "spec: {{holderIdentity: somebody, leaseDurationSeconds: 30, "
                             "acquireTime: '{0}', renewTime: '{0}'}}}}",
                             time_before_now(ago)))
          .front());
  INFO(answer.text());
  REQUIRE(answer.is_ok());
}

}  // namespace

TEST_CASE("plan wait comes back when somebody else's change is in effect",
          "[apiserver][conformance]") {
  const std::string mode = GENERATE("networkpolicy", "multitenant");
  DYNAMIC_SECTION(mode) {
    const auto live = open_live(mode);
    if (live == nullptr) return;
    REQUIRE(live->player().comes_to_rest());
    const Mode wanted = mode_named(mode);
    const std::string plan = live->plan(wanted.joins);
    live->player().set_pace({.before_acting = milliseconds{300}});
    auto waiting = std::async(std::launch::async, [&] {
      return live->run({"plan", "wait", plan, "--timeout", "60", "-o", "json"});
    });
    CHECK(waiting.wait_for(milliseconds{700}) == std::future_status::timeout);
    make_change(live->admin(), live->stage().cases().front().change);
    const CliRun run = waiting.get();
    INFO(run.out << run.err);
    CHECK(run.code == ExitCode::Success);
    CHECK(result_of(run) == "after");
    for (const std::string& project : wanted.joins) {
      const auto ns = live->admin().find(key_for("Namespace", "", project));
      CHECK(ns->string_at({"metadata", "labels", "maistra.io/member-of"}) == "mesh-a");
    }
    CHECK_FALSE(live->admin().find(kLease));
  }
}

TEST_CASE("plan wait tells what is missing when its time is over", "[apiserver][conformance]") {
  const auto live = open_live("networkpolicy");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  const std::string plan = live->plan({"bookinfo"});
  live->player().set_pace({.stops_after = 2});
  live->stage().edit_members({"bookinfo"});
  while (live->player().comes_to_rest(milliseconds{100})) {
  }
  while (live->player().writes().size() < 2) std::this_thread::sleep_for(milliseconds{10});
  const CliRun run = live->run({"plan", "wait", plan, "--timeout", "1"});
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::Violated);
  CHECK_THAT(run.out, Contains("member bookinfo of mesh-a"));
  CHECK_THAT(run.out, Contains("NetworkPolicy bookinfo/istio-mesh-basic"));
  const CliRun json = live->run({"plan", "wait", plan, "--timeout", "1", "-o", "json"});
  CHECK(json.code == ExitCode::Violated);
  CHECK(result_of(json) == "stopped");
}

TEST_CASE("a second apply is refused while somebody holds the lease", "[apiserver][conformance]") {
  const auto live = open_live("networkpolicy");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  const std::string plan = live->plan({"bookinfo"});
  hold_lease(*live, seconds{0});
  const ObjectStore before = live_objects(live->admin());
  const CliRun run = live->apply(plan);
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::OutputFailed);
  CHECK_THAT(std::string(json_of(run).string_at({"because"})),
             Contains("Lease mesh-a/meshproof-apply is held by somebody"));
  CHECK(live->differences_from(before) == std::vector<std::string>{});
  REQUIRE(live->admin().remove(kLease).is_ok());
  const CliRun again = live->apply(plan, {"--resume"});
  INFO(again.out << again.err);
  CHECK(again.code == ExitCode::Success);
}

TEST_CASE("a lease that has run out is taken over", "[apiserver][conformance]") {
  const auto live = open_live("networkpolicy");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  const std::string plan = live->plan({"bookinfo"});
  hold_lease(*live, seconds{40});
  const CliRun run = live->apply(plan);
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::Success);
  CHECK_FALSE(live->admin().find(kLease));
}

TEST_CASE("of two applies at once one makes the change", "[apiserver][conformance]") {
  const auto live = open_live("networkpolicy");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  const std::string plan = live->plan({"bookinfo"});
  live->player().set_pace({.acts = false});
  auto first = std::async(std::launch::async, [&] { return live->apply(plan); });
  while (!live->admin().find(kLease)) {
    REQUIRE(first.wait_for(milliseconds{10}) == std::future_status::timeout);
  }
  const CliRun same = live->apply(plan, {"--resume"});
  INFO(same.err);
  CHECK(same.code == ExitCode::OutputFailed);
  CHECK_THAT(same.err, Contains("[journal-busy]: "));
  live->player().set_pace({});
  const CliRun done = first.get();
  INFO(done.out << done.err);
  CHECK(done.code == ExitCode::Success);
}
