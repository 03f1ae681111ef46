#include <cstdlib>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

const std::string kBookinfo = "scenarios/library/bookinfo-joins-networkpolicy/cluster.yaml";

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

CliRun report(std::vector<std::string> more, const std::string& input = kBookinfo) {
  more.insert(more.begin(), {"report", "-f", input, "--quiet"});
  return run_cli(more);
}

}  // namespace

TEST_CASE("a report without a change is about the state") {
  const CliRun run = report({"--settle"});
  CHECK(run.code == ExitCode::Success);
  CHECK(has(run.out, "HOLDS   builtin:tenancy"));
  CHECK(has(run.out, "Meshes and members\n  istio-system/basic"));
  CHECK(has(run.out, "Who reaches whom"));
  CHECK(has(run.out, "What this report does not show"));
  CHECK(has(run.out, "--settle: what is judged is as the operator leaves it"));
  // As given, nothing of the mesh that the manifests only declare is there.
  const CliRun given = run_cli({"report", "-f", kBookinfo});
  CHECK(given.code == ExitCode::Violated);
  CHECK(has(given.err, "warning[mesh-judged-as-given]"));
}

TEST_CASE("a report of a change shows both states, and fails as its plan does") {
  const CliRun run = report({"--join", "bookinfo", "-o", "json"});
  CHECK(run.code == ExitCode::Violated);
  const Tree json = json_of(run);
  CHECK(json.find("matrixBefore") != nullptr);
  REQUIRE(json.find("inputs") != nullptr);
  CHECK(json.find("inputs")->items.at(0).string_at({"sha256"}).size() == 64);
  CHECK(report({"-o", "json"}).out.find("matrixBefore") == std::string::npos);
}

TEST_CASE("the same input gives the same page, of the time that SOURCE_DATE_EPOCH says") {
  ::setenv("SOURCE_DATE_EPOCH", "1790000000", 1);
  const CliRun one = report({"-o", "html"});
  const CliRun two = report({"-o", "html"});
  ::unsetenv("SOURCE_DATE_EPOCH");
  CHECK(one.out == two.out);
  CHECK(has(one.out, "2026-09-21T14:13:20Z"));
  CHECK(has(one.out, "default-src 'none'"));
}

TEST_CASE("what fails nothing is noted, not called a violation") {
  const TemporaryFolder folder;
  const std::string meshless =
      folder.write("a.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
  const CliRun run = report({}, meshless);
  CHECK(run.code == ExitCode::Success);
  CHECK(has(run.out, "0 of 1 statement holds · 1 noted"));
  CHECK(has(run.out, "  NOTE    builtin:tenancy: there is no mesh"));
  CHECK_FALSE(has(run.out, "FAIL"));
  CHECK_FALSE(has(report({"-o", "markdown"}, meshless).out, "violated"));
  const CliRun asked = report({"--assert", "builtin:tenancy"}, meshless);
  CHECK(asked.code == ExitCode::Violated);
  CHECK(has(asked.out, "  FAIL    builtin:tenancy: there is no mesh"));
}

TEST_CASE("a SOURCE_DATE_EPOCH that is no time is told, not passed over for the clock") {
  for (const std::string wrong :
       {"yesterday", "-1", "1790000000.5", "99999999999999999999", "253402300800", "1790000000 "}) {
    ::setenv("SOURCE_DATE_EPOCH", wrong.c_str(), 1);
    const CliRun run = report({"-o", "html"});
    INFO(wrong << run.err);
    CHECK(run.code == ExitCode::InvalidInput);
    CHECK(has(run.err, "SOURCE_DATE_EPOCH: error[unknown-value]: '" + wrong + "' is not a number"));
    CHECK_FALSE(has(run.err, "--today"));
    CHECK(run.out.empty());
  }
  for (const std::string right : {"", "0", "253402300799"}) {
    ::setenv("SOURCE_DATE_EPOCH", right.c_str(), 1);
    CHECK(report({"-o", "json"}).code == ExitCode::Violated);
  }
  ::unsetenv("SOURCE_DATE_EPOCH");
}

TEST_CASE("the register has what is in force, with what it covers, and what has expired") {
  const TemporaryFolder folder;
  const std::string statements = folder.write(
      "statements.yaml",
      "apiVersion: meshproof.io/v1\nkind: Assertions\nassertions:\n"
      "- {id: SHUT, must: deny, from: {ns: storefront}, to: {ns: payments}}\n"
      "exceptions:\n"
      "- {id: E-OLD, assertion: SHUT, owner: team-a, ticket: T-1, expires: '2020-01-01'}\n"
      "- {id: E-NEW, assertion: SHUT, owner: team-b, ticket: T-2, expires: '2999-01-01'}\n");
  const Tree json = json_of(report({"--assert", statements, "-o", "json"}));
  REQUIRE(json.find("exceptions")->items.size() == 1);
  CHECK(json.find("exceptions")->items[0].string_at({"id"}) == "E-NEW");
  CHECK(json.find("exceptions")->items[0].integer_at({"covers"}) == 1);
  REQUIRE(json.find("expiredExceptions")->items.size() == 1);
  CHECK(has(json.find("expiredExceptions")->items[0].text, "E-OLD"));
}

TEST_CASE("what a report is asked for it gives, or says that it cannot") {
  const TemporaryFolder folder;
  const std::string questions = folder.path("questions");
  CHECK(report({"--settle", "--smt2", questions}).code == ExitCode::Success);
  CHECK(has(read_file(questions + "/index.json"), "\"questions\""));
  CHECK(report({"--join", "bookinfo", "--smt2", questions}).code == ExitCode::Violated);
  for (const std::string option : {"--safe", "--hops=3", "--flows=flows.json"}) {
    INFO(option);
    const CliRun run = report({option});
    CHECK(run.code == ExitCode::InvalidInput);
    CHECK(has(run.err, "error[conflicting-options]: --safe, --hops and --flows are about an edit"));
  }
  CHECK(has(report({"--join", "bookinfo", "--state-out", "x"}).err, "error[unknown-option]"));
}

TEST_CASE("dot and svg draw the same graph") {
  CHECK(has(report({"-o", "dot"}).out, "digraph isolation {"));
  const CliRun svg = report({"-o", "svg"});
  CHECK(svg.out.rfind("<?xml", 0) == 0);
  CHECK(has(svg.out, ">payments</text>"));
}

TEST_CASE("a page that cannot be written says so and leaves no half file behind") {
  const CliRun run = report({"-o", "html", "--out", "/nowhere/report.html"});
  CHECK(run.code == ExitCode::OutputFailed);
  CHECK(has(run.err, "error[output-failed]"));
  CHECK(report({"-o", "html", "--out", "/dev/full"}).code == ExitCode::OutputFailed);
}

TEST_CASE("of several clusters there is a page for none, and a table for each") {
  const CliRun page = run_cli({"report", "--cluster", "a=" + kBookinfo, "-o", "html"});
  CHECK(page.code == ExitCode::InvalidInput);
  const CliRun table = run_cli({"report", "--cluster", "a=" + kBookinfo, "--quiet"});
  CHECK(has(table.out, "Meshes and members"));
}

TEST_CASE("a cluster without anything has a report all the same") {
  const TemporaryFolder folder;
  const std::string empty = folder.write("empty.yaml", "apiVersion: v1\nkind: List\nitems: []\n");
  for (const std::string format : {"table", "json", "html", "svg", "markdown"}) {
    INFO(format);
    const CliRun run = report({"-o", format}, empty);
    CHECK(run.code != ExitCode::InvalidInput);
    CHECK_FALSE(run.out.empty());
  }
}
