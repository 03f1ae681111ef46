// From a live cluster to a live cluster: snapshot, plan, apply, drift, and back, on a real API
// server with the operator as recorded.

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/live_scene.h"

using namespace meshproof;

namespace {

void go_there_and_back(const Mode& mode, bool is_safe, const std::string& via) {
  const auto live = open_live(mode);
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  const ObjectStore before = live_objects(live->admin());
  const std::string plan = live->plan(mode.joins, is_safe);
  // Without the operator somebody else writes what it would.
  if (via == "objects") live->player().set_pace({.acts = false});
  const CliRun done = live->apply(plan, {"--via", via});
  INFO(done.out << done.err);
  REQUIRE(done.code == ExitCode::Success);
  CHECK(result_of(done) == "after");
  if (via == "roll") {
    const CliRun drift = live->run({"drift", "--quiet"});
    INFO(drift.out);
    CHECK(drift.code == ExitCode::Success);
    CHECK(live->run({"plan", "wait", plan, "--timeout", "5"}).code == ExitCode::Success);
  }
  const CliRun back = live->apply(plan, {"--rollback"});
  INFO(back.out << back.err);
  REQUIRE(back.code == ExitCode::Success);
  CHECK(result_of(back) == "before");
  live->player().set_pace({});
  REQUIRE(live->player().comes_to_rest());
  CHECK(live->differences_from(before) == std::vector<std::string>{});
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
