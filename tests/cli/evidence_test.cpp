#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "backends/sha256.h"
#include "cli/evidence_files.h"
#include "cli/session.h"
#include "tests/cli/run_cli.h"

/// --smt2 and --repro: what lets somebody else check a proof (docs/PROOFS.md).
using namespace meshproof;

namespace {

namespace fs = std::filesystem;

const std::string kMesh = R"(apiVersion: v1
kind: Namespace
metadata: {name: cp, labels: {maistra.io/member-of: cp}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {maistra.io/member-of: cp}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: basic, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {maistra.io/member-of: cp}}}]}]}
)";

CliRun verify(const std::string& input, const std::string& directory) {
  return run_cli({"verify", "-f", input, "--dialect", "ovn-kubernetes", "--assert",
                  "builtin:tenancy", "--smt2", directory});
}

std::vector<std::string> files_in(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) {
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

const Disagreement kDisagreement{
    "builtin:tenancy", "shop", "engines disagree", {}, "(check-sat)\n"};

}  // namespace

TEST_CASE("the option --smt2 writes each question, and an index that knows its digest") {
  const TemporaryFolder scratch;
  const std::string directory = scratch.path("questions");
  const CliRun run = verify(scratch.write("mesh.yaml", kMesh), directory);
  CHECK(run.code == ExitCode::Success);
  const std::string name = "001-builtin-tenancy-shop.smt2";
  REQUIRE(files_in(directory) == std::vector<std::string>{name, "index.json"});
  const std::string text = read_file(directory + "/" + name);
  CHECK(text.find("(check-sat)") != std::string::npos);
  CHECK(read_file(directory + "/index.json") == R"({
  "version": 1,
  "questions": [
    {
      "file": "001-builtin-tenancy-shop.smt2",
      "statement": "builtin:tenancy",
      "project": "shop",
      "expected": "unsat",
      "sha256": ")" + sha256(text) + R"("
    }
  ]
}
)");

  // An earlier run's files give way, those that are no longer asked too.
  const std::string open = scratch.write("open.yaml", kMesh.substr(0, kMesh.rfind("---")));
  fs::rename(directory + "/" + name, directory + "/007-builtin-tenancy-old.smt2");
  CHECK(verify(open, directory).code == ExitCode::Violated);
  REQUIRE(files_in(directory) == std::vector<std::string>{name, "index.json"});
  CHECK(read_file(directory + "/" + name).find("(set-info :status sat)") != std::string::npos);
}

TEST_CASE("the option --smt2 leaves a directory alone that holds anything else") {
  const TemporaryFolder scratch;
  const std::string input = scratch.write("mesh.yaml", kMesh);
  const std::string directory = scratch.path("taken");
  fs::create_directory(directory);
  for (const std::string name : {"notes.txt", "index.json", "001-builtin-tenancy-shop.smt2"}) {
    const std::string kept = scratch.write("taken/" + name, "somebody's");
    const CliRun run = verify(input, directory);
    CHECK(run.code == ExitCode::OutputFailed);
    CHECK(run.out.empty());
    CHECK(run.err.find("output-failed") != std::string::npos);
    CHECK(run.err.find("which --smt2 did not write") != std::string::npos);
    CHECK(read_file(kept) == "somebody's");
    fs::remove(kept);
  }
  CHECK(verify(input, scratch.write("file", "")).code == ExitCode::OutputFailed);
}

TEST_CASE("plan writes questions too") {
  const TemporaryFolder scratch;
  const std::string directory = scratch.path("questions");
  const CliRun run =
      run_cli({"plan", "-f", "scenarios/library/bookinfo-joins-networkpolicy/cluster.yaml",
               "--join", "bookinfo", "--smt2", directory});
  CHECK(run.code != ExitCode::OutputFailed);
  const std::string index = read_file(directory + "/index.json");
  for (const std::string statement : {"builtin:tenancy", "builtin:moments"}) {
    CHECK(index.find(statement) != std::string::npos);
  }
}

TEST_CASE("bad inputs leave the questions of an earlier run alone") {
  const TemporaryFolder scratch;
  const std::string directory = scratch.path("questions");
  const std::string mesh = scratch.write("mesh.yaml", kMesh);
  REQUIRE(verify(mesh, directory).code == ExitCode::Success);
  const std::vector<std::string> kept = files_in(directory);
  REQUIRE(kept.size() == 2);
  const std::string broken = scratch.write("broken.yaml", "kind: [");
  const std::string change =
      scratch.write("change.yaml",
                    "apiVersion: meshproof.io/v1\nkind: Change\nsteps:\n- delete: {kind: Pod, "
                    "namespace: shop, name: none}\n");
  const std::vector<std::vector<std::string>> bad{
      {"verify", "-f", broken, "--assert", "builtin:tenancy"},
      {"plan", "-f", broken, "--join", "shop"},
      {"plan", "-f", mesh, "--join", "shop", "--assert", scratch.path("missing.yaml")},
      {"plan", "-f", mesh, "--change", change}};
  for (std::vector<std::string> args : bad) {
    CAPTURE(args);
    args.insert(args.end(), {"--smt2", directory});
    CHECK(run_cli(args).code == ExitCode::InvalidInput);
    CHECK(files_in(directory) == kept);
  }
}

TEST_CASE("the option --smt2 is of one cluster") {
  const CliRun run =
      run_cli({"verify", "--cluster", "a=a.yaml", "--assert", "builtin:tenancy", "--smt2", "d"});
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(run.err.find("conflicting-options") != std::string::npos);
}

TEST_CASE("what deciders disagree about is kept, and nothing is overwritten") {
  const TemporaryFolder scratch;
  std::ostringstream out;
  std::ostringstream err;
  Options options;
  options.repro_dir = scratch.path("kept");
  Session session(options, out, err, {});
  EvidenceFiles evidence(session);
  REQUIRE(evidence.open());
  const EvidenceSinks sinks = evidence.sinks();
  CHECK(!sinks.question);
  CHECK(sinks.disagreement(kDisagreement) == "kept in " + scratch.path("kept"));
  CHECK(sinks.disagreement(kDisagreement) == "kept in " + scratch.path("kept-2"));
  CHECK(files_in(scratch.path("kept")) ==
        std::vector<std::string>{"README.txt", "objects.json", "query.smt2"});
  CHECK(read_file(scratch.path("kept/query.smt2")) == "(check-sat)\n");
  CHECK(read_file(scratch.path("kept/README.txt")).starts_with("engines disagree\n"));
  CHECK(evidence.close());

  options.repro_dir = scratch.path("no/such/folder");
  Session other(options, out, err, {});
  CHECK(
      EvidenceFiles(other).sinks().disagreement(kDisagreement).starts_with("it could not be kept"));
}
