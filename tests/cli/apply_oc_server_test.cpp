// The same by a program that holds the credentials.

#include <cstdlib>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/live_scene.h"

using namespace meshproof;

namespace {

void go_by_kubectl(const std::string& mode, const std::string& via) {
  const auto live = open_live(mode);
  if (live == nullptr) return;
  // What kubectl keeps of a server belongs to this one.
  const std::string cache = (live->server().state / "kubectl-cache").string();
  ::setenv("KUBECACHEDIR", cache.c_str(), 1);
  REQUIRE(live->player().comes_to_rest());
  const ObjectStore before = live_objects(live->admin());
  const std::string plan = live->plan({"bookinfo"});
  if (via == "objects") live->player().set_pace({.acts = false});
  const std::vector<std::string> by{"--backend", "oc", "--oc", live->server().kubectl().string()};
  std::vector<std::string> there = by;
  there.insert(there.end(), {"--via", via});
  const CliRun done = live->apply(plan, there);
  INFO(done.out << done.err);
  REQUIRE(done.code == ExitCode::Success);
  CHECK(result_of(done) == "after");
  std::vector<std::string> again = by;
  again.emplace_back("--rollback");
  const CliRun back = live->apply(plan, again);
  INFO(back.out << back.err);
  REQUIRE(back.code == ExitCode::Success);
  CHECK(result_of(back) == "before");
  live->player().set_pace({});
  REQUIRE(live->player().comes_to_rest());
  CHECK(live->differences_from(before) == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("kubectl makes a join by the roll and takes it back", "[apiserver][slow]") {
  go_by_kubectl("networkpolicy", "roll");
}

TEST_CASE("kubectl asks for networks by annotation", "[apiserver][slow]") {
  go_by_kubectl("multitenant", "objects");
}
