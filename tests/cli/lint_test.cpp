#include "solver/lint/lint.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "reports/rule_report.h"
#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

const std::string kExamples = "scenarios/library/rules/";
const std::string kBookinfo = "scenarios/library/bookinfo-joins-networkpolicy/cluster.yaml";

std::vector<std::string> codes_of(const CliRun& run) {
  INFO(run.err);
  REQUIRE(run.code != ExitCode::InvalidInput);
  std::vector<std::string> codes;
  const Tree json = json_of(run);
  const Tree* findings = json.find("findings");
  REQUIRE(findings != nullptr);
  for (const Tree& finding : findings->items) codes.emplace_back(finding.string_at({"code"}));
  return codes;
}

std::vector<std::string> codes_in(const std::string& file, const std::string& rule) {
  return codes_of(run_cli({"lint", "-f", file, "--only", rule, "-o", "json", "--quiet"}));
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every rule finds something in its example, and nothing in the other one") {
  for (const Rule* rule : rule_catalogue()) {
    const std::string code{rule->code};
    INFO(code << " " << rule->name);
    const auto found = codes_in(kExamples + code + "/fires.yaml", code);
    CHECK_FALSE(found.empty());
    CHECK(std::ranges::all_of(found, [&](const std::string& each) { return each == code; }));
    CHECK(codes_in(kExamples + code + "/quiet.yaml", code).empty());
    CHECK_FALSE(firing_example(code).empty());
    CHECK_FALSE(quiet_example(code).empty());
  }
}

TEST_CASE("every example is one of a rule") {
  std::size_t count = 0;
  for (const auto& folder : std::filesystem::directory_iterator{
           std::filesystem::path{MESHPROOF_SOURCE_DIR} / kExamples}) {
    INFO(folder.path());
    CHECK(find_rule(folder.path().filename().string()) != nullptr);
    ++count;
  }
  CHECK(count == rule_catalogue().size());
}

TEST_CASE("the catalogue is in order, and says all there is to say of each rule") {
  std::set<std::string_view> names;
  std::string_view last;
  for (const Rule* rule : rule_catalogue()) {
    INFO(rule->code);
    CHECK(rule->code.size() == 6);
    CHECK(rule->code > last);
    last = rule->code;
    const auto group = static_cast<std::size_t>(rule->group) + 1;
    CHECK(rule->code.substr(0, 4) == "MP0" + std::to_string(group));
    CHECK(names.insert(rule->name).second);
    for (const std::string_view text : {rule->meaning, rule->fix}) {
      CHECK(text.ends_with('.'));
    }
    CHECK_FALSE(rule->source.empty());
    // Off: relics, and what takes a proof for each policy.
    const bool is_proved = rule->code == "MP0414" || rule->code == "MP0415";
    CHECK(rule->is_default == (rule->group != RuleGroup::Relics && !is_proved));
  }
}

// Incident 1: its Route leads past the mesh, and the join closes the pod behind it.
TEST_CASE(
    "of the plain bookinfo scenario rules find nothing but the Route that its join cuts off") {
  CHECK(codes_of(run_cli({"lint", "-f", kBookinfo, "--all", "-o", "json", "--quiet"})).empty());
  const TemporaryFolder folder;
  const std::string state = folder.path("after.json");
  const CliRun plan = run_cli({"plan", "-f", kBookinfo, "--join", "bookinfo", "--state-out", state,
                               "--quiet", "--assert", "none"});
  REQUIRE(plan.code == ExitCode::Success);
  CHECK(codes_of(run_cli({"lint", "-f", state, "--all", "-o", "json", "--quiet"})) ==
        std::vector<std::string>{"MP0501"});
}

TEST_CASE("M10: a member whose network attachment is gone is found") {
  const TemporaryFolder folder;
  const std::string state = folder.path("after.json");
  const CliRun plan = run_cli({"plan", "-f", kBookinfo, "--join", "bookinfo", "--state-out", state,
                               "--quiet", "--assert", "none"});
  REQUIRE(plan.code == ExitCode::Success);
  CHECK(codes_in(state, "MP0107").empty());
  const std::string renamed =
      replaced(read_file(state), "\"name\": \"v2-5-istio-cni\"", "\"name\": \"cni\"");
  const CliRun run =
      run_cli({"lint", "-f", folder.write("renamed.json", renamed), "--only", "MP0107", "--quiet"});
  CHECK(run.code == ExitCode::Violated);
  CHECK(says(run.out, "NetworkAttachmentDefinition bookinfo/v2-5-istio-cni is missing"));
}

TEST_CASE("lint shows what it found by rule, and fails at --fail-on") {
  const std::string file = kExamples + "MP0101/fires.yaml";
  const CliRun run = run_cli({"lint", "-f", file, "--only", "MP0101", "--quiet"});
  CHECK(run.code == ExitCode::Violated);
  CHECK(says(run.out, "error   MP0101 project-in-two-rolls"));
  CHECK(says(run.out, "Namespace shop stands on the rolls mesh-a/default and mesh-b/default"));
  CHECK(says(run.out, "fix: Take the project off one of the rolls."));
  CHECK(says(run.out, "1 error by 1 rule"));
  const CliRun never =
      run_cli({"lint", "-f", file, "--only", "MP0101", "--fail-on", "never", "--quiet"});
  CHECK(never.code == ExitCode::Success);

  const Tree json = json_of(run_cli({"lint", "-f", file, "--only", "MP0101", "-o", "json"}));
  CHECK(json.integer_at({"version"}) == 1);
  const Tree& finding = json.find("findings")->items.at(0);
  CHECK(finding.string_at({"severity"}) == "error");
  CHECK(finding.string_at({"subject"}) == "Namespace shop");
  CHECK(finding.string_at({"where", "file"}) == file);
  CHECK(json.find("coverage") != nullptr);
}

TEST_CASE("rules are chosen by code, name and group") {
  const std::string file = kExamples + "MP0101/fires.yaml";
  for (const std::string rule : {"MP0101", "project-in-two-rolls", "membership"}) {
    const auto codes = codes_of(run_cli({"lint", "-f", file, "--only", rule, "-o", "json"}));
    CHECK(std::ranges::count(codes, "MP0101") == 1);
    const auto without = codes_of(run_cli({"lint", "-f", file, "--without", rule, "-o", "json"}));
    CHECK(std::ranges::count(without, "MP0101") == 0);
  }
  const CliRun wrong = run_cli({"lint", "-f", file, "--only", "MP9999"});
  CHECK(wrong.code == ExitCode::InvalidInput);
  CHECK(says(wrong.err, "error[unknown-rule]: --only 'MP9999' is no code, name or group"));
}

TEST_CASE("lint --list and --explain need no input") {
  const CliRun list = run_cli({"lint", "--list"});
  CHECK(list.code == ExitCode::Success);
  for (const Rule* rule : rule_catalogue()) CHECK(says(list.out, rule->code));
  const Tree json = json_of(run_cli({"lint", "--list", "-o", "json"}));
  CHECK(json.find("rules")->items.size() == rule_catalogue().size());

  const CliRun explained = run_cli({"lint", "--explain", "MP0101"});
  CHECK(explained.code == ExitCode::Success);
  CHECK(says(explained.out, "MP0101 project-in-two-rolls"));
  CHECK(says(explained.out, "    spec: {members: [shop]}"));
  const CliRun wrong = run_cli({"lint", "--explain", "MP9999"});
  CHECK(wrong.code == ExitCode::InvalidInput);
  CHECK(says(wrong.err, "error[unknown-rule]: --explain 'MP9999' is no code or name"));
  CHECK(run_cli({"lint"}).code == ExitCode::InvalidInput);
}

TEST_CASE("docs/RULES.md shows the catalogue", "[golden]") {
  const std::string file = std::string{MESHPROOF_SOURCE_DIR} + "/docs/RULES.md";
  const std::string text = rules_markdown(rule_catalogue());
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream out(file, std::ios::binary);
    out << text;
    REQUIRE(out.good());
  }
  INFO(
      "docs/RULES.md differs; after a change of rules: UPDATE_GOLDEN=1 ctest --preset dev -L "
      "golden");
  CHECK(read_file(file) == text);
}
