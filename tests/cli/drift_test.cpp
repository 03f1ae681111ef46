#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"

using namespace meshproof;

namespace {

/// The mesh of a worked example, installed, with `bookinfo` as a member.
std::string installed_cluster(const TemporaryFolder& folder) {
  const std::string file = folder.path("installed.json");
  const CliRun run =
      run_cli({"plan", "-f", "scenarios/library/bookinfo-joins-networkpolicy/cluster.yaml",
               "--join", "bookinfo", "--state-out", file, "--quiet", "--assert", "none"});
  INFO(run.err);
  REQUIRE(run.code == ExitCode::Success);
  return read_file(file);
}

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("drift of a state that a plan has predicted finds nothing") {
  const TemporaryFolder folder;
  const std::string file = folder.write("state.json", installed_cluster(folder));
  const CliRun run = run_cli({"drift", "-f", file});
  CHECK(run.code == ExitCode::Success);
  CHECK(says(run.out, "members as predicted"));
  CHECK(says(run.out, "nothing departs from what the mesh should have written"));
}

TEST_CASE("drift shows what departs by project and field, and fails at --fail-on") {
  const TemporaryFolder folder;
  const std::string spoiled =
      replaced(installed_cluster(folder), "\"maistra.io/member-of\": \"istio-system\"",
               "\"maistra.io/member-of\": \"elsewhere\"");
  const std::string file = folder.write("state.json", spoiled);
  const CliRun run = run_cli({"drift", "-f", file});
  CHECK(run.code == ExitCode::Violated);
  CHECK(says(run.out, "differing Namespace bookinfo: it carries the label of another mesh"));
  CHECK(says(run.out, "maistra.io/member-of: istio-system → elsewhere"));
  CHECK(run_cli({"drift", "-f", file, "--fail-on", "never"}).code == ExitCode::Success);

  const Tree json = json_of(run_cli({"drift", "-f", file, "-o", "json"}));
  CHECK(json.integer_at({"version"}) == 1);
  const Tree* findings = json.find("findings");
  REQUIRE(findings != nullptr);
  REQUIRE_FALSE(findings->items.empty());
  const Tree& first = findings->items.front();
  CHECK(first.string_at({"code"}).starts_with("drift-"));
  for (const auto* const field : {"severity", "message", "where", "witness", "fields", "remedy"}) {
    CHECK(first.find(field) != nullptr);
  }
  CHECK(json.find_path({"selfCheck", "members"}) != nullptr);
}

TEST_CASE("a plan checks the members that exist before it predicts, and says how that went") {
  const TemporaryFolder folder;
  const std::string file = folder.write("state.json", installed_cluster(folder));
  const CliRun run = run_cli({"plan", "-f", file, "--leave", "bookinfo", "--quiet"});
  CHECK(says(run.out, "members as predicted"));
  const std::string spoiled =
      folder.write("spoiled.json",
                   replaced(read_file(file), "\"name\": \"v2-5-istio-cni\"", "\"name\": \"cni\""));
  const Tree json =
      json_of(run_cli({"plan", "-f", spoiled, "--leave", "bookinfo", "--quiet", "-o", "json"}));
  const Tree* departing = json.find_path({"selfCheck", "departing"});
  REQUIRE(departing != nullptr);
  CHECK(std::ranges::find(departing->items, Tree::string("bookinfo")) != departing->items.end());
}
