#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "backends/snapshot/kinds.h"
#include "tests/cli/run_cli.h"

/// Commands that read a live cluster, as far as that needs none.
using namespace meshproof;

namespace {

const std::string kInput = "scenarios/library/bookinfo-leaves/cluster.yaml";

/// A kubeconfig of a server that is not there.
std::string kubeconfig(const TemporaryFolder& folder, const std::string& server) {
  return folder.write("kubeconfig",
                      "apiVersion: v1\nkind: Config\ncurrent-context: here\n"
                      "clusters: [{name: c, cluster: {server: '" +
                          server +
                          "'}}]\nusers: [{name: u, user: {token: SECRET-TOKEN}}]\n"
                          "contexts: [{name: here, context: {cluster: c, user: u}}]\n");
}

}  // namespace

TEST_CASE("a live cluster and files exclude each other") {
  for (const std::vector<std::string>& live :
       {std::vector<std::string>{"--kubeconfig", "x"}, {"--context", "x"}, {"--oc", "oc"}}) {
    std::vector<std::string> args{"lint", "-f", kInput};
    args.insert(args.end(), live.begin(), live.end());
    const CliRun run = run_cli(args);
    CHECK(run.code == ExitCode::InvalidInput);
    CHECK(run.err ==
          "command line: error[conflicting-options]: -f or --cluster and a live cluster "
          "(--kubeconfig, --context, --oc) exclude each other: which one is the input\n");
  }
}

TEST_CASE("a snapshot needs a file to write") {
  const CliRun run = run_cli({"snapshot"});
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(run.err ==
        "command line: error[missing-option]: snapshot needs a file: -o FILE, or -o -; meshproof "
        "snapshot --help shows how\n");
}

TEST_CASE("a cluster that is not there is told, exits 4, and leaves no file") {
  const TemporaryFolder folder;
  // Nothing listens on port 1, and the name of --oc is no program.
  const std::string config = kubeconfig(folder, "https://127.0.0.1:1");
  const std::string file = folder.path("state.json");
  for (const std::vector<std::string>& args :
       {std::vector<std::string>{"snapshot", "--kubeconfig", config, "-o", file},
        {"lint", "--kubeconfig", config, "--out", file}}) {
    const CliRun run = run_cli(args);
    CHECK(run.code == ExitCode::OutputFailed);
    CHECK(run.out.empty());
    CHECK(run.err.find("https://127.0.0.1:1: error[cluster-unreachable]: ") != std::string::npos);
    CHECK(run.err.find("SECRET") == std::string::npos);
    CHECK_FALSE(std::filesystem::exists(file));
  }
}

TEST_CASE("a kubeconfig that is broken exits 4") {
  const TemporaryFolder folder;
  const std::string broken = folder.write("broken", "users: [{name: u, user: {token: SECRET");
  const std::string missing = folder.path("missing");
  const std::string config = kubeconfig(folder, "https://127.0.0.1:1");
  for (const std::vector<std::string>& live : {std::vector<std::string>{"--kubeconfig", broken},
                                               {"--kubeconfig", missing},
                                               {"--kubeconfig", config, "--context", "nowhere"}}) {
    std::vector<std::string> args{"snapshot", "-o", "-"};
    args.insert(args.end(), live.begin(), live.end());
    const CliRun run = run_cli(args);
    CHECK(run.code == ExitCode::OutputFailed);
    CHECK(run.out.empty());
    CHECK(run.err.find("error[") != std::string::npos);
    CHECK(run.err.find("SECRET") == std::string::npos);
  }
}

TEST_CASE("an oc that cannot be run exits 4") {
  const CliRun run = run_cli({"lint", "--oc", "/nonexistent/oc"});
  CHECK(run.code == ExitCode::OutputFailed);
  CHECK(run.err.rfind("--oc /nonexistent/oc: error[cannot-run-oc]: ", 0) == 0);
}

TEST_CASE("the lines of oc are printed without any cluster") {
  const CliRun run = run_cli({"snapshot", "--print-oc", "--context", "prod", "-o", "there"});
  CHECK(run.code == ExitCode::Success);
  CHECK(run.err.empty());
  CHECK(run.out.rfind("mkdir -p there\noc --context=prod get namespaces --chunk-size=500", 0) == 0);
  CHECK_FALSE(std::filesystem::exists("there"));
}

TEST_CASE("the role for reading names every kind that is read, and no other right") {
  const std::string page = read_file(std::string{MESHPROOF_SOURCE_DIR} + "/docs/RBAC.md");
  const std::string reader = page.substr(0, page.find("## `apply --via roll`"));
  CHECK(page.find("secrets") == std::string::npos);
  CHECK(page.find("\"*\"") == std::string::npos);
  for (const char* verb : {"create", "patch", "delete", "update", "watch"}) {
    CHECK(reader.find(verb) == std::string::npos);
  }
  for (const ReadKind& kind : read_kinds()) {
    INFO(kind.full_name());
    const std::string group = kind.group.empty() ? "\"\"" : std::string{kind.group};
    const std::size_t at = reader.find("apiGroups: [" + group + "]");
    REQUIRE(at != std::string::npos);
    const std::string rule = reader.substr(at, reader.find("verbs:", at) - at);
    const std::size_t word = rule.find(kind.plural);
    REQUIRE(word != std::string::npos);
    const char after = rule[word + kind.plural.size()];
    CHECK((after == ',' || after == ']'));
  }
}
