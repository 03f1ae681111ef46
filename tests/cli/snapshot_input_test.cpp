#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "backends/gzip.h"
#include "scenarios/read.h"
#include "scenarios/scenario.h"
#include "tests/cli/live_input.h"
#include "tests/cli/run_cli.h"

/// Snapshots that are read again: what they say of where they come from, and what is redacted.
using namespace meshproof;

namespace {

Input read_file_input(const std::string& path) {
  Sources sources;
  Diagnostics told;
  Input input = read_inputs({path}, {}, sources, told);
  REQUIRE_FALSE(has_errors(told));
  return input;
}

const std::string kBookinfo = "scenarios/library/bookinfo-joins-networkpolicy/cluster.yaml";

/// What a run says, but for where in its file something stands.
std::string said(const std::vector<std::string>& args, const std::string& file) {
  const CliRun run = run_cli(args);
  std::string text =
      "exit " + std::to_string(static_cast<int>(run.code)) + '\n' + run.out + run.err;
  text = replaced(text, file, "FILE");
  text = std::regex_replace(text, std::regex("\"column\": [0-9]+"), "\"column\": N");
  return std::regex_replace(text, std::regex("(FILE:[0-9]+):[0-9]+"), "$1:N");
}

/// Once of the whole, once of what `--redact` leaves.
void check_alike(const std::string& name, std::vector<std::string> args,
                 const ObjectStore& objects) {
  const TemporaryFolder folder;
  std::vector<std::string> both;
  for (const bool redact : {false, true}) {
    const std::string file =
        folder.write(redact ? "redacted.json" : "whole.json", snapshot_of(objects, redact));
    std::vector<std::string> words = args;
    words.insert(words.end(), {"-f", file});
    both.push_back(said(words, file));
  }
  INFO(name);
  CHECK(both[0] == both[1]);
}

}  // namespace

TEST_CASE("a snapshot that is read again says who asked whom, and when") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  const TemporaryFolder folder;
  const std::string text = snapshot_of(read_file_input(kBookinfo).objects, false);
  GzipPacker packer;
  packer.add(text.substr(0, text.size() / 2));
  packer.add(text.substr(text.size() / 2));
  const std::string file = folder.write("state.json.gz", packer.finish());
  const Input input = read_file_input(file);
  REQUIRE(input.coverage.origins.size() == 1);
  const Origin& origin = input.coverage.origins.front();
  CHECK(origin == Origin{.name = file,
                         .form = OriginForm::Snapshot,
                         .server = "https://api.test:6443",
                         .identity = "system:serviceaccount:ci:reader",
                         .time = "2026-11-28T07:00:00Z",
                         .resource_version = "7"});
  CHECK(input.coverage.has_ledger());
  CHECK(input.coverage.is_complete());
  CHECK(input.objects.size() == read_file_input(kBookinfo).objects.size());
}

TEST_CASE("the API service of the core group has a name that no other object could have") {
  Sources sources;
  Diagnostics told;
  const Input input =
      read_text("a.json",
                R"({"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService","metadata":)"
                R"({"name":"v1."}})",
                {}, sources, told);
  CHECK(told.empty());
  CHECK(input.objects.size() == 1);
}

TEST_CASE("verdicts, plans and findings of a redacted snapshot are those of the whole") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  std::size_t count = 0;
  for (const std::string& path : find_scenarios("scenarios/library")) {
    Sources sources;
    const auto scenario = read_scenario(path, sources);
    REQUIRE(scenario.has_value());
    const std::string cluster = scenario->folder + "/cluster.yaml";
    if (scenario->run.empty() || !std::filesystem::exists(cluster)) continue;
    std::vector<std::string> args = scenario->run;
    for (std::string& word : args) {
      const std::filesystem::path inside = std::filesystem::path(scenario->folder) / word;
      if (std::filesystem::is_regular_file(inside)) word = inside.string();
    }
    args.insert(args.end(), {"-o", "json"});
    const ObjectStore objects = read_file_input(cluster).objects;
    check_alike(path, args, objects);
    check_alike(path, {"lint", "-o", "json", "--all"}, objects);
    ++count;
  }
  CHECK(count >= 20);
}

TEST_CASE("what is redacted is gone") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  const TemporaryFolder folder;
  const std::string generated = folder.path("generated.json");
  REQUIRE(run_cli({"generate", "--namespaces", "3", "--pods", "3", "-o", generated}).code ==
          ExitCode::Success);
  const ObjectStore objects = read_file_input(generated).objects;
  const std::string whole = snapshot_of(objects, false);
  CHECK(whole.find("managedFields") == std::string::npos);
  CHECK(whole.find("\"redacted\": true") == std::string::npos);
  const std::string redacted = snapshot_of(objects, true);
  CHECK(redacted.find("\"redacted\":true") != std::string::npos);
  CHECK(redacted.find("\"value\":\"redacted") != std::string::npos);
  check_alike("generated", {"plan", "--join", "app-2", "-o", "json"}, objects);
}

TEST_CASE("what an edit breaks is told at the edit, not at a line of the snapshot") {
  std::filesystem::current_path(MESHPROOF_SOURCE_DIR);
  const TemporaryFolder folder;
  const std::string snapshot =
      folder.write("state.json", snapshot_of(read_file_input(kBookinfo).objects, false));
  const std::string edit = folder.write("roll.yaml",
                                        "apiVersion: maistra.io/v1\nkind: ServiceMeshMemberRoll\n"
                                        "metadata: {name: default, namespace: istio-system}\n"
                                        "spec:\n  members:\n  - payments\n  - bookinfo\n");
  const auto places = [&](const std::vector<std::string>& change) {
    std::vector<std::string> args{"plan", "-f", snapshot, "--quiet", "-o", "csv"};
    args.insert(args.end(), change.begin(), change.end());
    return run_cli(args).out;
  };
  const std::string told = places({"--change", edit});
  CHECK(told.find("builtin:continuity,error,failed") != std::string::npos);
  CHECK(told.find(edit + ",6,3,") != std::string::npos);
  CHECK(told.find(snapshot) == std::string::npos);
  // An edit that stands in no file: the snapshot has the only line there is.
  CHECK(places({"--join", "bookinfo"}).find(snapshot) != std::string::npos);
}
