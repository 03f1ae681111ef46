#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

using namespace meshproof;

TEST_CASE("generate writes a cluster that every command reads, to a file or standard output") {
  const TemporaryFolder folder;
  const std::string path = folder.path("cluster.json");
  const std::vector<std::string> shape{"generate", "--namespaces", "4", "--pods",
                                       "3",        "--members",    "2", "-o"};
  std::vector<std::string> to_file = shape;
  to_file.push_back(path);
  const CliRun written = run_cli(to_file);
  CHECK(written.code == ExitCode::Success);
  CHECK(written.out == "");
  CHECK(written.err == "");
  const CliRun shown = run_cli({"generate", "--namespaces", "4", "--pods", "3", "--members", "2"});
  CHECK(shown.out == read_file(path));

  // The mesh is one that the operator has left: nothing has to be assumed of it.
  const CliRun plan =
      run_cli({"plan", "-f", path, "--join", "project-0003", "--assert", "none", "-o", "json"});
  CHECK(plan.code == ExitCode::Success);
  CHECK(plan.err == "");
  const Tree json = json_of(plan);
  CHECK(json.find("outcomes")->items.at(0).string_at({"status"}) == "configured");
  const CliRun again = run_cli({"plan", "-f", path, "--join", "project-0001"});
  CHECK(again.code == ExitCode::InvalidInput);
}

TEST_CASE("generate tells what is wrong with a shape") {
  struct Row {
    std::vector<std::string> args;
    std::string err;
  };
  const auto row = GENERATE(values<Row>({
      {{"--pods", "many"},
       "command line: error[unknown-value]: --pods 'many' is not a whole number, from 0 to "
       "18446744073709551615\n"},
      {{"--seed", "-1"},
       "command line: error[unknown-value]: --seed '-1' is not a whole number, from 0 to "
       "18446744073709551615\n"},
      {{"--kind", "Pods"},
       "command line: error[unknown-value]: --kind 'Pods' is not one of Pod, Deployment; did you "
       "mean 'Pod'?\n"},
      {{"--sdn", "subnet", "--dialect", "kubernetes"},
       "command line: error[conflicting-options]: --sdn subnet exists only in openshift-sdn, not "
       "in kubernetes\n"},
      {{"--namespaces", "2", "--members", "3"},
       "command line: error[impossible-shape]: --members is 3, but there are only 2 namespaces; "
       "both count namespaces of applications\n"},
  }));
  std::vector<std::string> args{"generate"};
  args.insert(args.end(), row.args.begin(), row.args.end());
  const CliRun run = run_cli(args);
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(run.out == "");
  CHECK(run.err == row.err);
}

TEST_CASE("a cluster that cannot be written is told") {
  const CliRun run = run_cli({"generate", "-o", "/dev/full"});
  CHECK(run.code == ExitCode::OutputFailed);
  CHECK(run.err ==
        "/dev/full: error[output-failed]: the file could not be written: No space left on "
        "device\n");
}
