#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>
#include <streambuf>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/run.h"
#include "model/tree_json.h"
#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

using Words = std::vector<std::string>;

const std::string kLibrary = "scenarios/library/";
const std::string kSubnet = kLibrary + "bookinfo-joins-subnet/cluster.yaml";
const std::string kPolicies = kLibrary + "bookinfo-joins-networkpolicy/cluster.yaml";

Words operator+(Words one, const Words& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

CliRun alone(const Words& command, const std::string& input) {
  return run_cli(command + Words{"-f", input, "--quiet"});
}

/// East and west, in this order.
CliRun fleet(const Words& command, const std::string& east, const std::string& west) {
  return run_cli(command +
                 Words{"--cluster", "east=" + east, "--cluster", "west=" + west, "--quiet"});
}

std::string code_of(const CliRun& run) { return std::to_string(static_cast<int>(run.code)); }

std::string json_text(const Tree& tree) {
  std::string text;
  append_json(text, tree);
  return text;
}

/// Each command that takes --cluster, with what it says about both clusters.
std::vector<Words> commands_of_one_cluster(const TemporaryFolder& folder) {
  const std::string probes =
      folder.write("probes.json", R"([{"src": "203.0.113.1", "dst": "203.0.113.2", "port": 443}])");
  return {{"reach"},
          {"reach", "--summary"},
          {"verify", "--assert", "builtin:tenancy"},
          {"explain", "storefront/web", "payments/checkout"},
          {"paths", "outside", "payments/checkout"},
          {"probe", "--probes", probes},
          {"diff", "--dialect-to", "ovn-kubernetes"},
          {"plan", "--join", "bookinfo"}};
}

/// Takes a few bytes and then no more, as a pipe whose reader goes away.
class ShortBuffer : public std::streambuf {
 protected:
  std::streamsize xsputn(const char*, std::streamsize size) override {
    room_ -= size;
    return room_ > 0 ? size : 0;
  }
  int_type overflow(int_type) override { return traits_type::eof(); }

 private:
  std::streamsize room_ = 20;
};

}  // namespace

TEST_CASE("each cluster of a fleet is shown as if it were alone, below its name") {
  const TemporaryFolder folder;
  for (const Words& command : commands_of_one_cluster(folder)) {
    CAPTURE(command);
    const CliRun east = alone(command, kSubnet);
    const CliRun west = alone(command, kPolicies);
    const CliRun both = fleet(command, kSubnet, kPolicies);
    REQUIRE_FALSE(east.out.empty());
    REQUIRE_FALSE(west.out.empty());
    CHECK(east.out != west.out);
    CHECK(both.out == "== cluster east\n" + east.out + "\n== cluster west\n" + west.out +
                          "\n== exit codes\n  east  " + code_of(east) + "\n  west  " +
                          code_of(west) + "\n");
    CHECK(both.err.empty());
  }
}

TEST_CASE("as JSON a fleet is one object with the document of each cluster") {
  const TemporaryFolder folder;
  for (const Words& words : commands_of_one_cluster(folder)) {
    CAPTURE(words);
    const Words command = words + Words{"-o", "json"};
    const Tree both = json_of(fleet(command, kSubnet, kPolicies));
    REQUIRE(both.find("version") != nullptr);
    CHECK(both.find("version")->text == "1");
    const Tree* clusters = both.find("clusters");
    REQUIRE(clusters != nullptr);
    REQUIRE(clusters->items.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
      const CliRun own = alone(command, i == 0 ? kSubnet : kPolicies);
      Tree document = clusters->items[i];
      REQUIRE(document.fields.size() > 3);
      CHECK(document.fields.front().key == "cluster");
      CHECK(document.fields.front().value.text == (i == 0 ? "east" : "west"));
      CHECK(document.fields.back().key == "exitCode");
      CHECK(document.fields.back().value.text == code_of(own));
      document.fields.erase(document.fields.begin());
      document.fields.pop_back();
      CHECK(json_text(document) == json_text(json_of(own)));
    }
  }
}

TEST_CASE("connections in columns are of each cluster") {
  const Words command{"reach", "-o", "wide"};
  CHECK(fleet(command, kSubnet, kPolicies).out ==
        "== cluster east\n" + alone(command, kSubnet).out + "\n== cluster west\n" +
            alone(command, kPolicies).out + "\n== exit codes\n  east  0\n  west  0\n");
}

TEST_CASE("a cluster whose input is wrong is named, and the others are judged") {
  const TemporaryFolder folder;
  const std::string bad = folder.write(
      "bad.yaml", "{apiVersion: v1, kind: Pod}\n---\n{apiVersion: v1, kind: Service}\n");
  const CliRun run = fleet({"reach", "--summary"}, bad, kPolicies);
  CHECK(run.code == ExitCode::InvalidInput);
  CHECK_THAT(run.out, Catch::StartsWith("== cluster east\nno result: see the errors\n"
                                        "\n== cluster west\nmeshproof reach"));
  CHECK_THAT(run.out, Catch::EndsWith("== exit codes\n  east  2\n  west  0\n"));
  CHECK_THAT(run.err, Catch::Contains("bad.yaml:1:1: error[") &&
                          Catch::Contains("]: cluster east: ") &&
                          Catch::EndsWith("cluster east: 2 errors\n"));
  CHECK(run.err.find("west") == std::string::npos);

  const CliRun json = fleet({"reach", "--summary", "-o", "json"}, bad, kPolicies);
  CHECK(json.code == ExitCode::InvalidInput);
  const Tree document = json_of(json);
  REQUIRE(document.find("clusters") != nullptr);
  CHECK(json_text(document.find("clusters")->items.front()) ==
        "{\n \"cluster\": \"east\",\n \"exitCode\": 2\n}");
  CHECK(document.find("clusters")->items.back().find("summary") != nullptr);
}

TEST_CASE("warnings about a cluster name it, and --strict makes them its errors") {
  const Words command{"plan", "--join",    "bookinfo",         "--assert",
                      "none", "--cluster", "east=" + kPolicies};
  const CliRun run = run_cli(command);
  CHECK(run.code == ExitCode::Success);
  CHECK_THAT(run.err, Catch::Contains("warning[mesh-assumed-installed]: cluster east: "));
  const CliRun strict = run_cli(command + Words{"--strict"});
  CHECK(strict.code == ExitCode::InvalidInput);
  CHECK_THAT(strict.err, Catch::Contains("error[mesh-assumed-installed]: cluster east: "));
  CHECK_THAT(strict.out, Catch::Contains("no result"));
}

TEST_CASE("the exit code of a fleet is the gravest of its clusters") {
  constexpr std::array kAll{ExitCode::InvalidInput, ExitCode::OutputFailed, ExitCode::Inconclusive,
                            ExitCode::Violated, ExitCode::Success};
  for (std::size_t i = 0; i < kAll.size(); ++i) {
    for (std::size_t j = 0; j < kAll.size(); ++j) {
      CHECK(graver(kAll[i], kAll[j]) == kAll[std::min(i, j)]);
    }
  }
  const Words command{"verify", "--assert", "builtin:tenancy"};
  const std::string isolated = kLibrary + "bookinfo-joins-multitenant/cluster.yaml";
  CHECK(alone(command, isolated).code == ExitCode::Success);
  CHECK(alone(command, kPolicies).code == ExitCode::Violated);
  CHECK(fleet(command, isolated, kPolicies).code == ExitCode::Violated);
  CHECK(fleet(command, kPolicies, isolated).code == ExitCode::Violated);
  CHECK(fleet(command, isolated, isolated).code == ExitCode::Success);
}

TEST_CASE("the result of a fleet goes to one file, whole") {
  const TemporaryFolder folder;
  const std::string file = folder.path("reach.json");
  const Words command{"reach", "-o", "json"};
  const CliRun run = fleet(command + Words{"--out", file}, kSubnet, kPolicies);
  CHECK(run.code == ExitCode::Success);
  CHECK(run.out.empty());
  CHECK(read_file(file) == fleet(command, kSubnet, kPolicies).out);
}

TEST_CASE("a fleet whose result cannot be written says so once") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  ShortBuffer buffer;
  std::ostream out(&buffer);
  std::ostringstream err;
  const ExitCode code =
      run({"reach", "--cluster", "east=" + kSubnet, "--cluster", "west=" + kPolicies, "--quiet"},
          out, err);
  CHECK(code == ExitCode::OutputFailed);
  CHECK(err.str() ==
        "standard output: error[output-failed]: the result could not be written: the stream is "
        "closed\n");
}

TEST_CASE("the time of a fleet is told once, and adds up") {
  const CliRun run = fleet({"reach", "--summary", "--timing"}, kSubnet, kPolicies);
  CHECK(std::count(run.err.begin(), run.err.end(), '\n') == 1);
  const Tree timing = json_of({run.code, run.err, {}});
  REQUIRE(timing.find("phases") != nullptr);
  double sum = 0;
  for (const TreeField& phase : timing.find("phases")->fields) sum += std::stod(phase.value.text);
  CHECK(timing.find_path({"phases", "reach"}) != nullptr);
  CHECK(sum == Approx(std::stod(timing.find("wall")->text)).epsilon(0.05));
}

TEST_CASE("the name of a cluster does not steer the terminal") {
  const CliRun run =
      run_cli({"reach", "--summary", "--quiet", "--cluster", "a\x1b[2J\nb=" + kSubnet});
  CHECK_THAT(run.out, Catch::StartsWith("== cluster a\\x1b[2J\\x0ab\n") ||
                          Catch::StartsWith("== cluster a\\x1b[2J\\nb\n"));
  const CliRun json =
      run_cli({"reach", "--summary", "-o", "json", "--cluster", "a\"\\\x01=" + kSubnet});
  const Tree document = json_of(json);
  REQUIRE(document.find("clusters") != nullptr);
  CHECK(document.find("clusters")->items.front().string_at({"cluster"}) == "a\"\\\x01");
}
