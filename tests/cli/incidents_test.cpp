#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "scenarios/scenario.h"
#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

const std::string kIncidents = "scenarios/library/incidents";

}  // namespace

// operator.md 9 numbers 18 incidents; 19 and 20 are those in the lines below its list.
TEST_CASE("B4: every recorded incident is a scenario, and is found before the change") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  std::set<std::string> numbers;
  for (const std::string& folder : find_scenarios(kIncidents)) {
    numbers.insert(std::filesystem::path(folder).filename().string().substr(0, 2));
    const CliRun run = run_cli({"scenario", "run", folder});
    INFO(run.out << run.err);
    CHECK(run.code == ExitCode::Success);
  }
  CHECK(numbers.size() == 20);
  CHECK(*numbers.begin() == "01");
  CHECK(*numbers.rbegin() == "20");
}

TEST_CASE("B4: what an incident expects is not there without its change") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  for (const std::string& folder : find_scenarios(kIncidents)) {
    Sources sources;
    const auto scenario = read_scenario(folder, sources);
    REQUIRE(scenario.has_value());
    INFO(folder);
    CHECK(scenario->finds.size() + scenario->hazards.size() + scenario->says.size() > 0);
    // The rules are silent about the state before, so that it is the change that they find.
    for (const ExpectedText& code : scenario->finds) {
      const CliRun run = run_cli(
          {"lint", "-f", folder + "/cluster.yaml", "--only", code.text, "-o", "json", "--quiet"});
      CHECK(json_of(run).find("findings")->items.empty());
    }
  }
}
