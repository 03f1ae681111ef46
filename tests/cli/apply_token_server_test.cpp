// Credentials: they can end on the way, and they are found nowhere but in the kubeconfig.

#include <chrono>
#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/live_account.h"

using namespace meshproof;
using Catch::Matchers::Contains;
using std::chrono::milliseconds;

namespace {

/// Does something as soon as the journal says that something has been written.
template <typename Do>
std::future<void> once_written(const std::string& journal, const Do& act) {
  return std::async(std::launch::async, [journal, act] {
    constexpr int kLooks = 500;
    const auto is_written = [&] {
      return read_file(journal).find("\"written\"") != std::string::npos;
    };
    for (int look = 0; look < kLooks && !is_written(); ++look) {
      std::this_thread::sleep_for(milliseconds{20});
    }
    act();
  });
}

/// All that stands in the files of a folder.
std::string everything_in(const std::string& folder) {
  std::string text;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) text += read_file(entry.path().string());
  }
  return text;
}

/// What stands behind a word in a kubeconfig.
std::string value_in(const std::string& kubeconfig, const std::string& word) {
  const std::size_t at = kubeconfig.find(word);
  REQUIRE(at != std::string::npos);
  const std::size_t begin = kubeconfig.find_first_not_of("\" ", at + word.size());
  return kubeconfig.substr(begin, kubeconfig.find_first_of("\"}, \n", begin) - begin);
}

}  // namespace

TEST_CASE("a token that ends on the way stops the run, which the next one resumes",
          "[apiserver][conformance]") {
  const auto live = open_live("networkpolicy");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  Account account(*live);
  account.give("meshproof-reader");
  account.give("meshproof-applier");
  const std::string plan = live->plan({"shop", "bookinfo", "payments"}, true);
  live->ask_with(account.kubeconfig());
  auto revoked = once_written(plan + ".journal", [&] { account.remove(); });
  // The server believes a token that it has seen for ten seconds more.
  const CliRun run = live->apply(plan, {"--network-delay", "12"});
  revoked.get();
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::OutputFailed);
  CHECK(result_of(run) == "stopped");
  CHECK_THAT(std::string(json_of(run).string_at({"because"})), Contains("Unauthorized"));
  CHECK(run.out.find(account.token()) == std::string::npos);
  CHECK(run.err.find(account.token()) == std::string::npos);
  const CliRun denied = live->apply(plan, {"--resume"});
  INFO(denied.err);
  CHECK(denied.code == ExitCode::OutputFailed);
  CHECK_THAT(denied.err, Contains("[cluster-refused]: "));

  live->ask_with(live->server().kubeconfig().string());
  const CliRun resumed = live->apply(plan, {"--resume"});
  INFO(resumed.out << resumed.err);
  CHECK(resumed.code == ExitCode::Success);
  CHECK(result_of(resumed) == "after");
  CHECK(live->run({"drift", "--quiet"}).code == ExitCode::Success);
  CHECK(everything_in(live->folder().path()).find(account.token()) == std::string::npos);
}

TEST_CASE("rights that end on the way stop the way back too, which the next one goes on",
          "[apiserver][conformance]") {
  const auto live = open_live("networkpolicy");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  Account account(*live);
  account.give("meshproof-reader");
  account.give("meshproof-applier");
  const std::string plan = live->plan({"shop", "bookinfo", "payments"}, true);
  const ObjectStore before = live_objects(live->admin());
  live->ask_with(account.kubeconfig());
  auto taken = once_written(plan + ".journal", [&] { account.take("meshproof-applier"); });
  const CliRun run = live->apply(plan, {"--network-delay", "2"});
  taken.get();
  INFO(run.out << run.err);
  CHECK(run.code == ExitCode::OutputFailed);
  CHECK(result_of(run) == "stopped");
  CHECK_THAT(std::string(json_of(run).string_at({"because"})), Contains("; then: "));
  live->ask_with(live->server().kubeconfig().string());
  const CliRun resumed = live->apply(plan, {"--resume"});
  INFO(resumed.out << resumed.err);
  CHECK(resumed.code == ExitCode::RolledBack);
  CHECK(result_of(resumed) == "before");
  CHECK(live->differences_from(before) ==
        std::vector<std::string>{"ClusterRoleBinding meshproof-applier is missing"});
}

TEST_CASE("no credential is found outside of the kubeconfig", "[apiserver][conformance]") {
  const auto live = open_live("multitenant");
  if (live == nullptr) return;
  REQUIRE(live->player().comes_to_rest());
  const std::string admin = read_file(live->server().kubeconfig().string());
  const std::vector<std::string> secrets{value_in(admin, "token: "),
                                         value_in(admin, "client-key-data: "), "Bearer ",
                                         "PRIVATE KEY", "a-token-that-was-never-valid"};
  const std::string context = GENERATE("kubeenv", "kubeenv-token");
  DYNAMIC_SECTION(context) {
    std::string told;
    const auto note = [&](const CliRun& run) {
      told += run.out + run.err;
      return run.code;
    };
    const std::vector<std::string> as{"--context", context};
    const auto with = [&](std::vector<std::string> args) {
      args.insert(args.end(), as.begin(), as.end());
      return args;
    };
    const std::string snapshot = live->file("before.json");
    REQUIRE(note(live->run(with({"snapshot", "-o", snapshot}))) == ExitCode::Success);
    const std::string plan = live->plan_of(snapshot, {"bookinfo"});
    CHECK(note(live->apply(plan, with({"-o", "table"}))) == ExitCode::Success);
    CHECK(note(live->run(with({"plan", "wait", plan, "--timeout", "5"}))) == ExitCode::Success);
    CHECK(note(live->run(with({"drift"}))) == ExitCode::Success);
    CHECK(note(live->apply(plan, with({"--rollback"}))) == ExitCode::Success);
    live->ask_with(write_kubeconfig(*live, "a-token-that-was-never-valid"));
    CHECK(note(live->apply(plan)) == ExitCode::OutputFailed);
    CHECK_THAT(told, Contains("[cluster-refused]: "));
    told += everything_in(live->folder().path());
    REQUIRE(told.size() > 10'000);
    for (const std::string& secret : secrets) {
      REQUIRE(secret.size() > 6);
      CHECK(told.find(secret) == std::string::npos);
    }
  }
}
