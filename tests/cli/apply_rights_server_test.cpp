// Who has the rights of docs/RBAC.md can do all of it, and what is missing is told by name.

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/live_account.h"

using namespace meshproof;

namespace {

std::vector<std::string> missing_rights(const std::string& errors) {
  constexpr std::string_view kBegin = "error[missing-right]: we may not ";
  constexpr std::string_view kEnd = " (docs/RBAC.md has the roles)";
  std::vector<std::string> rights;
  std::istringstream lines(errors);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find(kBegin);
    const std::size_t end = line.find(kEnd);
    if (begin == std::string::npos || end == std::string::npos) continue;
    rights.push_back(line.substr(begin + kBegin.size(), end - begin - kBegin.size()));
  }
  std::ranges::sort(rights);
  return rights;
}

/// Snapshot, plan, apply, plan wait, drift and the way back, with nothing but the roles.
void go_with(const std::vector<std::string>& roles, const std::string& mode,
             const std::string& via) {
  const auto live = open_live(mode);
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  Account account(*live);
  for (const std::string& role : roles) account.give(role);
  const ObjectStore before = live_objects(live->admin());
  live->ask_with(account.kubeconfig());
  const std::string plan = live->plan({"bookinfo"});
  if (via == "objects") live->player().set_pace({.acts = false});
  const CliRun done = live->apply(plan, {"--via", via});
  INFO(done.out << done.err);
  REQUIRE(done.code == ExitCode::Success);
  if (via == "roll") {
    CHECK(live->run({"plan", "wait", plan, "--timeout", "5"}).code == ExitCode::Success);
  }
  const CliRun back = live->apply(plan, {"--rollback"});
  INFO(back.out << back.err);
  REQUIRE(back.code == ExitCode::Success);
  live->player().set_pace({});
  REQUIRE(live->player().comes_to_rest());
  CHECK(live->differences_from(before) == std::vector<std::string>{});
}

}  // namespace

TEST_CASE("the documented roles are enough for the roll", "[apiserver][conformance]") {
  const std::string mode = GENERATE("networkpolicy", "multitenant");
  DYNAMIC_SECTION(mode) { go_with({"meshproof-reader", "meshproof-applier"}, mode, "roll"); }
}

TEST_CASE("the documented roles are enough for objects", "[apiserver][conformance]") {
  const std::string mode = GENERATE("networkpolicy", "multitenant");
  DYNAMIC_SECTION(mode) {
    go_with({"meshproof-reader", "meshproof-applier", "meshproof-object-applier"}, mode, "objects");
  }
}

TEST_CASE("each missing right is named, and nothing is written", "[apiserver][conformance]") {
  const auto live = open_live("networkpolicy");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  Account account(*live);
  account.give("meshproof-reader");
  account.give("meshproof-applier", [](Tree& role) {
    take_verb(role, "servicemeshmemberrolls", "patch");
    take_verb(role, "leases", "delete");
    take_verb(role, "leases", "create");
  });
  const std::string plan = live->plan({"bookinfo"});
  const ObjectStore before = live_objects(live->admin());
  live->ask_with(account.kubeconfig());
  const CliRun run = live->apply(plan);
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::OutputFailed);
  CHECK(missing_rights(run.err) ==
        std::vector<std::string>{"create Lease in mesh-a", "delete Lease in mesh-a",
                                 "patch ServiceMeshMemberRoll in mesh-a"});
  CHECK(live->differences_from(before) == std::vector<std::string>{});
}

TEST_CASE("objects need more rights than the roll", "[apiserver][conformance]") {
  const auto live = open_live("networkpolicy");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  Account account(*live);
  account.give("meshproof-reader");
  account.give("meshproof-applier");
  const std::string plan = live->plan({"bookinfo"});
  live->ask_with(account.kubeconfig());
  const CliRun run = live->apply(plan, {"--via", "objects"});
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::OutputFailed);
  CHECK(missing_rights(run.err) ==
        std::vector<std::string>{
            "create NetworkAttachmentDefinition in bookinfo", "create RoleBinding in bookinfo",
            "delete NetworkAttachmentDefinition in bookinfo", "delete RoleBinding in bookinfo"});
}
