// Operators and networks that do not do their part, and somebody else who writes: on a real API
// server, by the roll.

#include <algorithm>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/live_scene.h"
#include "tests/support/yaml.h"

using namespace meshproof;
using Catch::Matchers::VectorContains;
using std::chrono::milliseconds;

namespace {

const ObjectKey kRoll = key_for("ServiceMeshMemberRoll", "mesh-a", "default");

/// What is told as not as it should be: `Namespace shop: is not as it should be`.
std::vector<std::string> mismatches(const CliRun& run) {
  std::vector<std::string> lines;
  const Tree result = json_of(run);
  for (const Tree& each : result.find("mismatches")->items) {
    lines.push_back(std::string(each.string_at({"what"})) + ": " +
                    std::string(each.string_at({"how"})));
  }
  return lines;
}

/// As the operator leaves it when it works again.
void check_restored(Live& live, const ObjectStore& before) {
  live.player().set_pace({});
  REQUIRE(live.player().comes_to_rest());
  CHECK(live.differences_from(before) == std::vector<std::string>{});
}

/// Does something as soon as an object of a plan is there, as somebody with a client of their own.
template <typename Do>
std::future<void> once_there(const TestServer& server, const ObjectKey& key, const Do& act) {
  return std::async(std::launch::async, [&server, key, act] {
    ApiClient client(server, "kubectl-edit");
    constexpr int kLooks = 500;
    for (int look = 0; look < kLooks && !client.find(key); ++look) {
      std::this_thread::sleep_for(milliseconds{20});
    }
    act(client);
  });
}

void add_member(ApiClient& client, const std::vector<std::string>& members) {
  const Tree spec = Tree::mapping({{"members", Tree::strings(members)}});
  client.merge(kRoll, Tree::mapping({{"spec", spec}}));
}

/// The first bridge of a safe plan.
ObjectKey first_bridge(const std::string& plan) {
  const Tree document = json_of({ExitCode::Success, read_file(plan), {}});
  const Tree& write =
      document.find_path({"execution", "stages"})->items.front().find("writes")->items.front();
  return key_for(write.string_at({"kind"}), write.string_at({"namespace"}),
                 write.string_at({"name"}));
}

std::vector<std::string> members(Live& live) {
  std::vector<std::string> names;
  const auto roll = live.admin().find(kRoll);
  const Tree* listed = roll->find_path({"spec", "members"});
  if (listed == nullptr) return names;
  for (const Tree& each : listed->items) names.push_back(each.text);
  return names;
}

}  // namespace

TEST_CASE("an operator that never acts is waited for, then the edit is taken back",
          "[apiserver][conformance]") {
  const auto live = open_live("networkpolicy");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  const ObjectStore before = live_objects(live->admin());
  const std::string plan = live->plan({"shop", "bookinfo", "payments"});
  live->player().set_pace({.acts = false});
  const CliRun run = live->apply(plan, {"--timeout", "2"});
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::RolledBack);
  CHECK(result_of(run) == "before");
  CHECK_THAT(mismatches(run),
             VectorContains(std::string("member shop of mesh-a: the roll does not list it as "
                                        "configured")));
  CHECK_THAT(mismatches(run),
             VectorContains(std::string("NetworkPolicy payments/istio-mesh-basic: is not there")));
  check_restored(*live, before);
}

TEST_CASE("an operator that comes back in time is waited for", "[apiserver][conformance]") {
  const auto live = open_live("networkpolicy");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  const std::string plan = live->plan({"shop", "bookinfo", "payments"});
  live->player().set_pace({.stops_after = 7});
  auto applying = std::async(std::launch::async, [&] { return live->apply(plan); });
  while (live->player().writes().size() < 7) std::this_thread::sleep_for(milliseconds{10});
  CHECK(applying.wait_for(milliseconds{700}) == std::future_status::timeout);
  live->player().set_pace({});
  const CliRun run = applying.get();
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::Success);
  CHECK(result_of(run) == "after");
  CHECK(live->run({"drift", "--quiet"}).code == ExitCode::Success);
}

TEST_CASE("what an operator leaves half-done is told, and taken back when it works again",
          "[apiserver][conformance]") {
  const auto live = open_live("networkpolicy");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  const ObjectStore before = live_objects(live->admin());
  const std::string plan = live->plan({"bookinfo"});
  live->player().set_pace({.stops_after = 5});
  const CliRun run = live->apply(plan, {"--timeout", "2"});
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::OutputFailed);
  CHECK(result_of(run) == "stopped");
  // Each that it has made, by name.
  for (const std::string& write : live->player().writes()) {
    if (!write.starts_with("create ")) continue;
    CHECK_THAT(mismatches(run), VectorContains(write.substr(7) + ": is still there"));
  }
  CHECK(members(*live).empty());
  live->player().set_pace({});
  const CliRun back = live->apply(plan, {"--rollback"});
  INFO(back.out << back.err);
  CHECK(back.code == ExitCode::Success);
  CHECK(result_of(back) == "before");
  check_restored(*live, before);
}

TEST_CASE("a network that nobody gives is told, and taken back when the master is there",
          "[apiserver][conformance]") {
  Mode mode = mode_named("multitenant");
  mode.has_master = false;
  const auto live = open_live(mode);
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  const ObjectStore before = live_objects(live->admin());
  const std::string plan = live->plan({"bookinfo"});
  const CliRun run = live->apply(plan, {"--timeout", "2"});
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::OutputFailed);
  CHECK(result_of(run) == "stopped");
  CHECK_THAT(mismatches(run),
             VectorContains(std::string("network of bookinfo (join:mesh-a): the SDN master has not "
                                        "answered yet")));
  const NetworkMaster master(live->server());
  const CliRun back = live->apply(plan, {"--rollback"});
  INFO(back.out << back.err);
  CHECK(back.code == ExitCode::Success);
  CHECK(result_of(back) == "before");
  check_restored(*live, before);
}

TEST_CASE("somebody else's edit of the roll between two stages stays", "[apiserver][conformance]") {
  const auto live = open_live("networkpolicy");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  const ObjectStore before = live_objects(live->admin());
  const std::string plan = live->plan({"shop", "bookinfo", "payments"}, true);
  live->player().set_pace({.acts = false});
  auto other = once_there(live->server(), first_bridge(plan),
                          [](ApiClient& client) { add_member(client, {"later"}); });
  const CliRun run = live->apply(plan, {"--network-delay", "2"});
  other.get();
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::RolledBack);
  CHECK(result_of(run) == "before");
  CHECK_THAT(
      mismatches(run),
      VectorContains(std::string("ServiceMeshMemberRoll mesh-a/default: is not as planned")));
  CHECK(members(*live) == std::vector<std::string>{"later"});
  const Tree none = Tree::mapping({{"members", Tree::null()}});
  REQUIRE(live->admin().merge(kRoll, Tree::mapping({{"spec", none}})).is_ok());
  check_restored(*live, before);
}

TEST_CASE("what is ours in a roll that somebody else has edited too is left and told",
          "[apiserver][conformance]") {
  const auto live = open_live("networkpolicy");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  const std::string plan = live->plan({"bookinfo"});
  live->player().set_pace({.acts = false});
  auto applying = std::async(std::launch::async, [&] {
    return live->apply(plan, {"--timeout", "2"});
  });
  while (members(*live) != std::vector<std::string>{"bookinfo"}) {
    REQUIRE(applying.wait_for(milliseconds{10}) == std::future_status::timeout);
  }
  add_member(live->admin(), {"bookinfo", "later"});
  const CliRun run = applying.get();
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::OutputFailed);
  CHECK(result_of(run) == "stopped");
  CHECK_THAT(
      mismatches(run),
      VectorContains(std::string("ServiceMeshMemberRoll mesh-a/default: is not as planned")));
  CHECK(members(*live) == std::vector<std::string>{"bookinfo", "later"});
}

TEST_CASE("a policy that comes into a project on the way ends the way",
          "[apiserver][conformance]") {
  const auto live = open_live("networkpolicy");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  const ObjectStore before = live_objects(live->admin());
  const std::string plan = live->plan({"shop", "bookinfo", "payments"}, true);
  const Tree policy = trees_from(
                          "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, "
                          "metadata: {name: deny-all, namespace: shop}, spec: {podSelector: {}}}")
                          .front();
  auto other = once_there(live->server(), first_bridge(plan),
                          [&](ApiClient& client) { client.create(policy); });
  const CliRun run = live->apply(plan, {"--network-delay", "2"});
  other.get();
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::RolledBack);
  CHECK(result_of(run) == "before");
  CHECK_THAT(mismatches(run), VectorContains(std::string("NetworkPolicy shop/deny-all: is new")));
  CHECK(live->admin().find(key_of(policy)));
  REQUIRE(live->admin().remove(key_of(policy)).is_ok());
  check_restored(*live, before);
}
