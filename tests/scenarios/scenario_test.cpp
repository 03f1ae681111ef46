#include "scenarios/scenario.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/scenarios/told.h"

using namespace meshproof;

namespace {

using Lines = std::vector<std::string>;

struct Reading {
  std::optional<Scenario> scenario;
  Lines told;
};

Reading read(const std::string& text) {
  const TemporaryFolder folder;
  (void)folder.write("scenario.yaml", text);
  Sources sources;
  auto scenario = read_scenario(folder.path(), sources);
  if (scenario) return {std::move(*scenario), {}};
  Lines told = lines_of(scenario.error(), sources);
  for (std::string& line : told) line = without(line, folder.path() + "/");
  return {std::nullopt, std::move(told)};
}

const std::string kHead = "apiVersion: meshproof.io/v1\nkind: Scenario\nrun: [plan, --join, a]\n";

}  // namespace

TEST_CASE("a scenario holds its command line and every expectation") {
  const Reading reading = read(kHead + R"(description: a joins
expect:
  exitCode: 1
  steps: [create A x/y, [create B x/y, create C x/y]]
  outcomes: {a: configured}
  verdicts: {ISO-1: holds}
  lost: []
  gained: [b/* -> a/*]
  says: [nothing]
  probes:
  - {from: a/x, to: b/y, port: 53/UDP, before: true, after: null}
)");
  CHECK(reading.told.empty());
  REQUIRE(reading.scenario);
  const Scenario& scenario = *reading.scenario;
  CHECK(scenario.description == "a joins");
  CHECK(scenario.run == Lines{"plan", "--join", "a"});
  CHECK(scenario.exit_code == 1);
  REQUIRE(scenario.steps);
  REQUIRE(scenario.steps->size() == 2);
  CHECK((*scenario.steps)[0].size() == 1);
  CHECK((*scenario.steps)[1][1].text == "create C x/y");
  CHECK(scenario.outcomes.at(0).value == "configured");
  CHECK(scenario.verdicts.at(0).name == "ISO-1");
  REQUIRE(scenario.lost);
  CHECK(scenario.lost->empty());
  CHECK(scenario.gained->at(0).text == "b/* -> a/*");
  CHECK(scenario.says.at(0).text == "nothing");
  REQUIRE(scenario.probes.size() == 1);
  CHECK(scenario.probes[0].protocol == Protocol::Udp);
  CHECK(scenario.probes[0].port == 53);
  CHECK(scenario.probes[0].before == true);
  CHECK_FALSE(scenario.probes[0].after.has_value());
  CHECK(scenario.expectation_count() == 8);
}

TEST_CASE("every mistake in a scenario is told") {
  struct Row {
    std::string text;
    Lines told;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {"apiVersion: v1\nkind: Pod\n",
       {"scenario.yaml:1:1: error[wrong-kind]: this is not one document of kind Scenario"}},
      {kHead + "---\n" + kHead,
       {"scenario.yaml:1:1: error[wrong-kind]: this is not one document of kind Scenario"}},
      {"", {"scenario.yaml: error[wrong-kind]: this is not one document of kind Scenario"}},
      {"kind: [\n", {"scenario.yaml:2:1: error[yaml-syntax]: this [ is never closed"}},
      {"kind: Scenario\nrun: [verify]\n",
       {"scenario.yaml:1:1: error[missing-field]: 'run' must be a command line that begins with "
        "plan"}},
      {kHead + "expects: {}\n",
       {"scenario.yaml:4:1: error[unknown-field]: there is no field \"expects\" here; did you mean "
        "expect?"}},
      {kHead + "expect:\n  exitCode: two\n  outcomes: {a: 1}\n  steps: [{create: x}]\n",
       {"scenario.yaml:5:13: error[wrong-type]: `exitCode` is the string `two`, not a number",
        "scenario.yaml:7:11: error[wrong-type]: a step is a mapping, not a line like 'create "
        "NetworkPolicy shop/web'",
        "scenario.yaml:6:17: error[wrong-type]: `a` is the number `1`, not a string"}},
      {kHead + "expect:\n  probes:\n  - {from: a/x, to: b/y, port: http, before: true}\n",
       {"scenario.yaml:6:32: error[bad-value]: 'http' is no port; write PORT/PROTOCOL, as in "
        "9080/TCP",
        "scenario.yaml:6:5: error[missing-field]: the probe has no 'after'; it needs from, to, "
        "port, before and after"}},
      {kHead + "expect:\n  probes:\n  - {from: x, to: x, port: 80, before: maybe, after: null}\n",
       {"scenario.yaml:6:40: error[wrong-type]: `before` is the string `maybe`, not a boolean"}},
  }));
  CAPTURE(row.text);
  CHECK(read(row.text).told == row.told);
}

TEST_CASE("a scenario is its own folder, or every folder below that has one") {
  const TemporaryFolder folder;
  (void)folder.write("b/deep/scenario.yaml", kHead);
  (void)folder.write("a/scenario.yaml", kHead);
  (void)folder.write("c/other.yaml", kHead);
  CHECK(find_scenarios(folder.path()) == Lines{folder.path() + "/a", folder.path() + "/b/deep"});
  CHECK(find_scenarios(folder.path() + "/a") == Lines{folder.path() + "/a"});
  CHECK(find_scenarios(folder.path() + "/c").empty());
}

TEST_CASE("a star in a pattern stands for any characters") {
  CHECK(matches_pattern("a/* -> b/*", "a/x -> b/y"));
  CHECK(matches_pattern("*", ""));
  CHECK(matches_pattern("a*b*c", "a-b-b-c"));
  CHECK_FALSE(matches_pattern("a/*", "b/x"));
  CHECK_FALSE(matches_pattern("a*b", "a-b-c"));
  CHECK_FALSE(matches_pattern("", "a"));
}
