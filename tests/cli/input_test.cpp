#include <fcntl.h>
#include <filesystem>
#include <string>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

const char* const kNamespace = "{apiVersion: v1, kind: Namespace, metadata: {name: a}}\n";

/// Standard input from a file, as long as it lives.
class StandardInput {
 public:
  explicit StandardInput(const std::string& path) : before_(::dup(STDIN_FILENO)) {
    const int file = ::open(path.c_str(), O_RDONLY);
    REQUIRE(file >= 0);
    ::dup2(file, STDIN_FILENO);
    ::close(file);
  }
  ~StandardInput() {
    ::dup2(before_, STDIN_FILENO);
    ::close(before_);
  }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;

 private:
  int before_;
};

}  // namespace

TEST_CASE("quirk 25: who waits at a terminal is told what for") {
  const TemporaryFolder folder;
  const StandardInput input{folder.write("a.yaml", kNamespace)};
  Screen terminal;
  terminal.input_is_terminal = true;
  const CliRun run = run_cli({"probe", "-f", "-", "--probes", "/dev/null"}, terminal);
  CHECK(run.err.find("reading manifests from the terminal; Ctrl-D ends them") != std::string::npos);
}

TEST_CASE("quirk 25: names of files never steer the terminal") {
  const TemporaryFolder folder;
  const std::string path = folder.write("x\x1b[31m\ny.yaml", "a: [\n");
  const CliRun run = run_cli({"reach", "-f", path});
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(run.err.find("x\\x1b[31m\\ny.yaml:2:1: error[yaml-syntax]") != std::string::npos);
  CHECK(run.err.find('\x1b') == std::string::npos);
}

TEST_CASE("quirk 17: what was last applied is in no report") {
  const TemporaryFolder folder;
  const std::string path = folder.write(
      "a.yaml",
      "{apiVersion: v1, kind: Secret, metadata: {name: x, namespace: a, annotations: "
      "{kubectl.kubernetes.io/last-applied-configuration: SECRET-1}}, data: {p: U0VDUkVULTI=}}\n"
      "---\n{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: a, annotations: "
      "{kubectl.kubernetes.io/last-applied-configuration: SECRET-3}}}\n");
  for (const char* format : {"table", "json"}) {
    const CliRun run = run_cli({"reach", "-f", path, "-o", format});
    CHECK(run.code == ExitCode::Success);
    CHECK((run.out + run.err).find("SECRET") == std::string::npos);
    CHECK((run.out + run.err).find("U0VDUkVULTI=") == std::string::npos);
  }
}

TEST_CASE("a broken archive is invalid input, whatever else is given") {
  const TemporaryFolder folder;
  const std::string good = folder.write("a.yaml", kNamespace);
  const std::string bad = folder.write("b.tgz", "\x1f\x8b\x08");
  const CliRun run = run_cli({"reach", "-f", good, "-f", bad});
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(run.out.empty());
  CHECK(run.err.find("b.tgz: error[cannot-unpack]: cannot be unpacked: cut off before its end") !=
        std::string::npos);
}

TEST_CASE("quirk 6: what a must-gather lacks is lacking in what is predicted from it") {
  const TemporaryFolder folder;
  const std::string root = folder.path("mg/");
  const auto write = [&](const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path{root + path}.parent_path());
    (void)folder.write("mg/" + path, text);
  };
  for (const std::string ns : {"mesh", "shop"}) {
    const std::string own = "namespaces/" + ns + "/";
    write(own + ns + ".yaml",
          "{apiVersion: v1, kind: Namespace, metadata: {name: " + ns + ", uid: " + ns + "}}\n");
    write(own + "core/pods.yaml",
          "{kind: PodList, apiVersion: v1, items: [{metadata: {name: p, namespace: " + ns + "}}]}");
  }
  write("namespaces/mesh/maistra.io/servicemeshcontrolplanes/basic.yaml",
        "{apiVersion: maistra.io/v2, kind: ServiceMeshControlPlane, metadata: {name: basic, "
        "namespace: mesh}, spec: {version: v2.5}}\n");
  write("namespaces/mesh/maistra.io/servicemeshmemberrolls/default.yaml",
        "{apiVersion: maistra.io/v1, kind: ServiceMeshMemberRoll, metadata: {name: default, "
        "namespace: mesh}, spec: {members: []}}\n");
  const std::string state = folder.path("state.json");
  const CliRun plan =
      run_cli({"plan", "-f", root, "--join", "shop", "--state-out", state, "--assert", "none"});
  CAPTURE(plan.err);
  REQUIRE(plan.code == ExitCode::Success);
  const CliRun verify = run_cli({"verify", "-f", state, "--assert", "builtin:tenancy"});
  CHECK(verify.code == ExitCode::Inconclusive);
  CHECK(verify.out.find("INCOMPLETE") != std::string::npos);
  CHECK(verify.out.find("NetworkPolicy: never collected") != std::string::npos);
  const CliRun assumed =
      run_cli({"verify", "-f", state, "--assert", "builtin:tenancy", "--require-coverage"});
  CHECK(assumed.code == ExitCode::Inconclusive);
}
