// The program itself is killed while it carries out a plan on a real API server, and goes on.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"
#include "tests/support/apiserver/operator_stand_in.h"
#include "tests/support/apiserver/recorded_stage.h"

using namespace meshproof;

namespace {

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  const std::string text = read_file(path);
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    if (end == std::string::npos) break;
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

/// Starts the program and kills it as soon as its journal has so many lines. False: it ended
/// before.
bool killed_at(std::vector<std::string> args, const std::string& journal, std::size_t lines) {
  args.insert(args.begin(), MESHPROOF_BINARY);
  std::vector<char*> words;
  for (std::string& arg : args) words.push_back(arg.data());
  words.push_back(nullptr);
  posix_spawn_file_actions_t silent{};
  ::posix_spawn_file_actions_init(&silent);
  ::posix_spawn_file_actions_addopen(&silent, 1, "/dev/null", 1 /* O_WRONLY */, 0);
  ::posix_spawn_file_actions_addopen(&silent, 2, "/dev/null", 1, 0);
  pid_t process = 0;
  REQUIRE(::posix_spawn(&process, words[0], &silent, nullptr, words.data(), environ) == 0);
  ::posix_spawn_file_actions_destroy(&silent);
  int status = 0;
  while (lines_of(journal).size() < lines) {
    if (::waitpid(process, &status, WNOHANG) == process) return false;
    std::this_thread::sleep_for(std::chrono::microseconds{200});
  }
  REQUIRE(::kill(process, SIGKILL) == 0);
  REQUIRE(::waitpid(process, &status, 0) == process);
  return WIFSIGNALED(status);
}

/// Each write of the journal once, whatever runs made them.
void check_written_once(const std::string& journal) {
  std::vector<std::string> writes;
  for (const std::string& line : lines_of(journal)) {
    if (line.starts_with("{\"written\"")) writes.push_back(line.substr(0, line.find("\"resource")));
  }
  std::ranges::sort(writes);
  CHECK(std::ranges::adjacent_find(writes) == writes.end());
}

}  // namespace

TEST_CASE("killed after any line of the journal, it goes on and ends after",
          "[apiserver][conformance]") {
  const TestServer* server = test_server();
  const auto recordings = operator_recordings();
  if (server == nullptr || recordings.empty()) return;
  const std::vector<std::string> cases{"60-subnet-join-leave.1", "60-subnet-join-leave.2"};
  RecordedStage stage(*server, recordings, cases);
  OperatorStandIn player(*server, stage.book());
  REQUIRE(player.comes_to_rest());
  const ObjectStore before = live_objects(stage.admin());
  const TemporaryFolder folder;
  const std::string kubeconfig = server->kubeconfig().string();
  const std::string plan = folder.path("plan.json");
  (void)run_cli({"plan", "--kubeconfig", kubeconfig, "--join", "shop", "--out", plan, "--quiet"});
  int killed = 0;
  constexpr std::size_t kMostLines = 12;
  for (std::size_t lines = 1; lines <= kMostLines; ++lines) {
    const std::string via = lines % 2 == 0 ? "roll" : "objects";
    INFO(lines << " lines via " << via);
    player.set_pace({.acts = via == "roll"});
    const std::string journal = folder.path("journal-" + std::to_string(lines));
    std::vector<std::string> args{"apply",     plan,    "--backend",          "kube",
                                  "--via",     via,     "--kubeconfig",       kubeconfig,
                                  "--journal", journal, "--network-delay",    "0",
                                  "--timeout", "20",    "--accept-objections"};
    killed += killed_at(args, journal, lines) ? 1 : 0;
    args.emplace_back("--resume");
    const CliRun run = run_cli(args);
    INFO(run.out << run.err);
    REQUIRE(run.code == ExitCode::Success);
    check_written_once(journal);
    args.back() = "--rollback";
    REQUIRE(run_cli(args).code == ExitCode::Success);
    player.set_pace({});
    REQUIRE(player.comes_to_rest());
    CHECK(differences_to(before, live_objects(stage.admin())) == std::vector<std::string>{});
  }
  // The others had ended before the kill came.
  CHECK(killed > 2);
}
