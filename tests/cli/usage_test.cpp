#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/command.h"
#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

struct Row {
  std::string name;
  std::vector<std::string> args;
  std::string err;
};

}  // namespace

TEST_CASE("wrong usage is told with what would be right, and exits 2") {
  const std::string f = "scenarios/library/bookinfo-leaves/cluster.yaml";
  const Row row = GENERATE_COPY(values<Row>({
      {"no command",
       {},
       "command line: error[missing-command]: a command is missing; meshproof --help lists them\n"},
      {"unknown command",
       {"pln"},
       "command line: error[unknown-command]: there is no command 'pln'; did you mean 'plan'?\n"},
      {"a command of a later version",
       {"audit"},
       "command line: error[unknown-command]: there is no command 'audit'\n"},
      {"no input",
       {"plan", "--join", "shop"},
       "command line: error[missing-option]: plan needs an input: -f INPUT; meshproof plan --help "
       "shows how\n"},
      {"no edit",
       {"plan", "-f", f},
       "command line: error[missing-option]: plan needs an edit: --join NS, --leave NS, --change "
       "FILE or --to INPUT; meshproof plan --help shows how\n"},
      {"two edits",
       {"plan", "-f", f, "--join", "a", "--change", "b.yaml"},
       "command line: error[conflicting-options]: --join or --leave and --change exclude each "
       "other: which one is the edit\n"},
      {"a mesh without an edit of a roll",
       {"plan", "-f", f, "--mesh", "m", "--change", "b.yaml"},
       "command line: error[conflicting-options]: --mesh belongs to --join or --leave\n"},
      {"unknown option",
       {"verify", "-f", f, "--asert", "x"},
       "command line: error[missing-option]: verify needs assertions: --assert FILE or --assert "
       "builtin:tenancy; meshproof verify --help shows how\n"
       "command line: error[unexpected-argument]: verify does not expect 'x'\n"
       "command line: error[unknown-option]: verify has no option '--asert'; did you mean "
       "'--assert'?\n"
       "3 errors\n"},
      {"unknown format",
       {"plan", "-f", f, "--join", "a", "-o", "html"},
       "command line: error[unknown-value]: -o 'html' is not one of table, json, script, csv, "
       "markdown, sarif, junit, codequality, github\n"},
      {"a format of another command",
       {"diff", "-f", f, "--to", f, "-o", "script"},
       "command line: error[unknown-value]: -o 'script' is not one of table, json\n"},
      {"unknown mode",
       {"plan", "-f", f, "--join", "a", "--sdn", "multitenat"},
       "command line: error[unknown-value]: --sdn 'multitenat' is not one of subnet, multitenant, "
       "networkpolicy; did you mean 'multitenant'?\n"},
      {"an option without its value",
       {"plan", "-f"},
       "command line: error[wrong-usage]: -f needs a value\n"},
      {"an option where a value should be",
       {"plan", "-f", "--join", "shop"},
       "command line: error[wrong-usage]: -f needs a value\n"},
      {"a built-in statement that there is not",
       {"verify", "-f", f, "--assert", "builtin:tenacy"},
       "command line: error[unknown-value]: --assert 'builtin:tenacy' is not one of "
       "builtin:tenancy, builtin:control-plane, builtin:continuity, builtin:moments; did you mean "
       "'builtin:tenancy'?\n"},
      {"a severity that there is not",
       {"verify", "-f", f, "--assert", "builtin:tenancy", "--fail-on", "eror"},
       "command line: error[unknown-value]: --fail-on 'eror' is not one of critical, error, "
       "warning, note, never; did you mean 'error'?\n"},
      {"diff without the other side",
       {"diff", "-f", f},
       "command line: error[missing-option]: diff needs either --to AFTER or --dialect-to DIALECT; "
       "meshproof diff --help shows how\n"},
      {"explain with one end",
       {"explain", "-f", f, "bookinfo/web"},
       "command line: error[missing-option]: explain needs two ends: FROM TO; meshproof explain "
       "--help shows how\n"},
      {"scenario without run",
       {"scenario", "scenarios/library"},
       "command line: error[unknown-command]: scenario has no command 'scenarios/library', only "
       "run\n"},
      {"a slip in the second word of a command",
       {"scenario", "rnu", "scenarios/library"},
       "command line: error[unknown-command]: scenario has no command 'rnu', only run; did you "
       "mean 'run'?\n"},
      {"the first word of a command alone",
       {"scenario"},
       "command line: error[missing-command]: scenario needs one of its commands: run\n"},
      {"scenario run without a folder",
       {"scenario", "run"},
       "command line: error[missing-option]: scenario run needs a folder: DIR; meshproof scenario "
       "run --help shows how\n"},
      {"a slip in the second word of plan wait",
       {"plan", "wiat", "-f", f, "--join", "a"},
       "command line: error[unexpected-argument]: plan does not expect 'wiat'; did you mean "
       "'wait'?\n"},
  }));
  DYNAMIC_SECTION(row.name) {
    const CliRun run = run_cli(row.args);
    CHECK(run.err == row.err);
    CHECK(run.out.empty());
    CHECK(run.code == ExitCode::InvalidInput);
  }
}

TEST_CASE("what a command cannot use of its words is told, and exits 2") {
  const std::string f = "scenarios/library/bookinfo-leaves/cluster.yaml";
  const Row row = GENERATE_COPY(values<Row>({
      {"a folder without a scenario",
       {"scenario", "run", "docs"},
       "docs: error[no-scenario]: there is no scenario.yaml in it or below it\n"},
      {"a Service as a source",
       {"explain", "-f", f, "--quiet", "svc:bookinfo/productpage", "10.0.0.1"},
       "command line: error[bad-end]: 'svc:bookinfo/productpage' is a Service, which opens no "
       "connections\n"},
      {"a port that is none",
       {"explain", "-f", f, "--quiet", "10.0.0.1", "10.0.0.2", "--port", "0/TCP"},
       "command line: error[bad-port]: '0/TCP' is no port; write NUMBER, NUMBER/TCP, NUMBER/UDP, "
       "NUMBER/SCTP or ICMP\n"},
  }));
  DYNAMIC_SECTION(row.name) {
    const CliRun run = run_cli(row.args);
    CHECK(run.err == row.err);
    CHECK(run.out.empty());
    CHECK(run.code == ExitCode::InvalidInput);
  }
}

TEST_CASE("a probe's end that is not there is told with its place in the probes") {
  const TemporaryFolder folder;
  const std::string probes =
      folder.write("p.yaml", "- {src: bookinfo/none, dst: 10.0.0.1, port: 80}\n");
  const CliRun run = run_cli({"probe", "-f", "scenarios/library/bookinfo-leaves/cluster.yaml",
                              "--quiet", "--probes", probes});
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK(run.err.rfind(probes + ":1:3: error[unknown-pod]: namespace 'bookinfo' has no pod 'none'",
                      0) == 0);
}

TEST_CASE("critical is a severity to fail on") {
  const std::string folder = "scenarios/library/route-stops-on-join/";
  CHECK(run_cli({"plan", "-f", folder + "cluster.yaml", "--join", "shop", "--assert",
                 folder + "assertions.yaml", "--quiet", "--fail-on", "critical"})
            .code == ExitCode::Violated);
}

TEST_CASE("help lists every command and every command explains itself") {
  const CliRun help = run_cli({"--help"});
  CHECK(help.code == ExitCode::Success);
  CHECK(help.err.empty());
  REQUIRE_FALSE(commands().empty());
  for (const Command& command : commands()) {
    CHECK(help.out.find("  " + std::string(command.name)) != std::string::npos);
    const std::string name{command.name};
    const std::size_t space = name.find(' ');
    std::vector<std::string> words{name.substr(0, space)};
    if (space != std::string::npos) words.push_back(name.substr(space + 1));
    words.emplace_back("--help");
    const CliRun own = run_cli(words);
    CHECK(own.code == ExitCode::Success);
    CHECK(own.out.find(std::string(command.summary)) != std::string::npos);
    CHECK(own.out.find("--timing") != std::string::npos);
  }
}

TEST_CASE("the version is told") { CHECK(run_cli({"--version"}).out.rfind("meshproof ", 0) == 0); }

TEST_CASE("verify says that a mesh without status is judged as given") {
  const TemporaryFolder folder;
  const std::string path = folder.write(
      "mesh.yaml",
      "{apiVersion: v1, kind: Namespace, metadata: {name: cp}}\n---\napiVersion: maistra.io/v2\n"
      "kind: ServiceMeshControlPlane\nmetadata: {name: basic, namespace: cp}\n"
      "spec: {version: v2.5}\n");
  const CliRun run = run_cli({"verify", "-f", path, "--assert", "builtin:tenancy"});
  CHECK_THAT(run.err, Catch::Contains(
                          "mesh.yaml:3:1: warning[mesh-judged-as-given]: ServiceMeshControlPlane "
                          "cp/basic has no status: the state is judged as given, without what the "
                          "operator would write; plan predicts that\n"));
}
