// What the real operator did, recorded (../shared/conformance/operator beside the source). The data
// may not be copied into the project: without them these tests say loudly that they were skipped.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "model/drift.h"
#include "model/prediction.h"
#include "scenarios/change.h"
#include "scenarios/read.h"
#include "tests/model/operator_conformance_cases.h"
#include "tests/model/replay.h"

namespace meshproof {
namespace {

namespace fs = std::filesystem;

fs::path recordings() {
  return fs::path{MESHPROOF_SOURCE_DIR}.parent_path() / "shared" / "conformance" / "operator";
}

std::vector<std::string> recorded_cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{recordings()}) {
    if (fs::exists(entry.path() / "change.yaml")) names.push_back(entry.path().filename());
  }
  std::ranges::sort(names);
  return names;
}

ObjectStore read_state(const fs::path& file) {
  Sources sources;
  Diagnostics found;
  Input input = read_inputs({file.string()}, {}, sources, found);
  INFO(file);
  REQUIRE_FALSE(has_errors(found));
  return std::move(input.objects);
}

Prediction predicted(const fs::path& folder) {
  Sources sources;
  Diagnostics warnings;
  const auto change = read_change((folder / "change.yaml").string(), {}, sources, warnings);
  REQUIRE(change.has_value());
  Snapshot before;
  before.objects = read_state(folder / "before.yaml");
  auto prediction = predict(before, *change, {});
  REQUIRE(prediction.has_value());
  return std::move(*prediction);
}

/// A write as the recordings name it, and the project that it belongs to.
struct Write {
  std::string project;
  std::string what;

  auto operator<=>(const Write&) const = default;
};

std::string field_of(const std::string& line, const std::string& key) {
  const std::string start = '"' + key + "\": \"";
  const auto at = line.find(start);
  if (at == std::string::npos) return "";
  return line.substr(at + start.size(), line.find('"', at + start.size()) - at - start.size());
}

/// Policies and bindings have no order among themselves, so their names do not count.
Write write_of(std::string_view verb, std::string_view kind, const std::string& ns,
               const std::string& name) {
  const bool unordered = kind == "NetworkPolicy" || kind == "RoleBinding";
  return {ns.empty() ? name : ns,
          std::string{verb} + ' ' + std::string{kind} + (unordered ? "" : ' ' + name)};
}

/// The recorder's own repetitions (a second pass over a stale cache) are left out.
std::vector<Write> first_of_each(const std::vector<Write>& writes) {
  std::vector<Write> distinct;
  for (const Write& write : writes) {
    if (std::ranges::find(distinct, write) == distinct.end()) distinct.push_back(write);
  }
  std::ranges::stable_sort(distinct, {}, &Write::project);
  return distinct;
}

/// Objects of the cluster as a whole belong to no project.
bool is_of_member(const Write& write, const std::set<std::string>& own_projects) {
  return !own_projects.contains(write.project) &&
         write.what.find("ClusterRole") == std::string::npos;
}

std::vector<Write> recorded_writes(const fs::path& folder, const std::set<std::string>& own) {
  std::vector<std::pair<int, Write>> stamped;
  std::ifstream file{folder / "writes.jsonl"};
  for (std::string line; std::getline(file, line);) {
    std::string verb = field_of(line, "verb");
    if (verb == "patch") verb = "update";
    Write write =
        write_of(verb, field_of(line, "kind"), field_of(line, "namespace"), field_of(line, "name"));
    const int ms = std::atoi(line.c_str() + line.find("\"ms\": ") + 6);
    if (is_of_member(write, own)) stamped.emplace_back(ms, std::move(write));
  }
  std::ranges::stable_sort(stamped, {}, &std::pair<int, Write>::first);
  std::vector<Write> writes;
  for (auto& [ms, write] : stamped) writes.push_back(std::move(write));
  return first_of_each(writes);
}

std::vector<Write> predicted_writes(const std::vector<Step>& steps,
                                    const std::set<std::string>& own) {
  std::vector<Write> writes;
  for (const Step& step : steps) {
    if (step.writer != Step::Writer::Operator || step.object.find("status") != nullptr) continue;
    Write write = write_of(to_string(step.verb), step.key.kind, step.key.ns, step.key.name);
    if (is_of_member(write, own)) writes.push_back(std::move(write));
  }
  return first_of_each(writes);
}

std::string shown(const std::vector<Write>& writes) {
  std::string text;
  for (const Write& write : writes) text += "\n    " + write.project + ": " + write.what;
  return text;
}

std::set<std::string> control_plane_projects(const Prediction& prediction) {
  std::set<std::string> own;
  for (const ObjectStore* state : {&prediction.before, &prediction.after}) {
    for (const auto kind : {"ServiceMeshControlPlane", "ServiceMeshMemberRoll"}) {
      for (const Object* object : state->of_kind(kind)) own.insert(object->key.ns);
    }
  }
  return own;
}

/// Why the prediction is not what was recorded; empty if it is.
std::vector<std::string> disagreements(const fs::path& folder) {
  const Prediction prediction = predicted(folder);
  const ObjectStore expected = read_state(folder / "after.yaml");
  auto lines = differences(expected, prediction.after);
  for (const Alternative& other : prediction.alternatives) {
    if (lines.empty() || !fs::exists(folder / "RACE")) break;
    if (differences(expected, replay(prediction.before, other.steps)).empty()) return {};
  }
  const auto own = control_plane_projects(prediction);
  const auto recorded = recorded_writes(folder, own);
  const auto written = predicted_writes(prediction.steps, own);
  if (recorded != written) {
    lines.push_back("writes: recorded" + shown(recorded) + "\n  predicted" + shown(written));
  }
  return lines;
}

/// Routes and what Kiali is told besides the mesh's projects are not the membership's affair.
bool is_beside_membership(const std::string& line) {
  return line.starts_with("Route ") || line.starts_with("Kiali ");
}

bool has_recordings() {
  if (fs::exists(recordings())) return true;
  std::cerr << "SKIPPED: no recordings of the real operator in " << recordings() << '\n';
  return false;
}

TEST_CASE("what the real operator did is predicted, state and order of writes", "[conformance]") {
  if (!has_recordings()) return;
  const char* only = std::getenv("MESHPROOF_OPERATOR_CASE");
  std::size_t passed = 0;
  std::size_t whole = 0;
  std::size_t all = 0;
  for (const auto& name : recorded_cases()) {
    if (only != nullptr && name.find(only) == std::string::npos) continue;
    ++all;
    const auto lines = disagreements(recordings() / name);
    std::string text;
    for (const auto& line : lines) text += "\n  " + line;
    if (only != nullptr) std::cerr << name << (lines.empty() ? ": agrees" : text) << '\n';
    if (lines.empty()) ++whole;
    const bool listed = std::ranges::find(kWholeCases, name) != kWholeCases.end();
    const bool agrees = std::ranges::all_of(lines, is_beside_membership);
    if (agrees) ++passed;
    const bool known = std::ranges::find(kOtherwiseCases, name) != kOtherwiseCases.end();
    INFO(name << text);
    CHECK(lines.empty() == listed);
    CHECK(agrees != known);
  }
  std::cerr << "operator recordings: " << passed << " of " << all << " agree, " << whole
            << " of them in Routes and Kiali too\n";
  CHECK(all > 0);
}

TEST_CASE("every recorded member that nobody spoiled is as the self-check predicts",
          "[conformance]") {
  if (!has_recordings()) return;
  std::size_t members = 0;
  for (const auto& name : recorded_cases()) {
    Sources sources;
    Diagnostics warnings;
    const auto change =
        read_change((recordings() / name / "change.yaml").string(), {}, sources, warnings);
    REQUIRE(change.has_value());
    PredictOptions options;
    options.operator_version = change->operator_version;
    Snapshot state;
    state.objects = read_state(recordings() / name / "before.yaml");
    const auto check = check_members(state, options);
    REQUIRE(check.has_value());
    members += check->members;
    const bool spoiled = std::ranges::find(kSpoiledCases, name) != kSpoiledCases.end();
    INFO(name);
    CHECK(check->departing.empty() != spoiled);
  }
  CHECK(members > 0);
}

TEST_CASE("the steps of every prediction lead to its state after", "[conformance]") {
  if (!has_recordings()) return;
  for (const auto& name : recorded_cases()) {
    const Prediction prediction = predicted(recordings() / name);
    const auto lines = differences(prediction.after, replay(prediction.before, prediction.steps));
    std::string text;
    for (const auto& line : lines) text += "\n  " + line;
    INFO(name << text);
    CHECK(lines.empty());
  }
}

}  // namespace
}  // namespace meshproof
