#include "scenarios/baseline.h"

#include <catch2/catch.hpp>

#include "tests/support/temporary_folder.h"

using namespace meshproof;

namespace {

std::string log_of(const std::string& results, const std::string& tool = "meshproof") {
  return R"({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": ")" + tool +
         R"("}}, "automationDetails": {"id": "meshproof/plan/prod/"}, "results": [)" + results +
         "]}]}";
}

std::string result(const std::string& fingerprint, const std::string& standing, int count) {
  return R"({"partialFingerprints": {"meshproof/v1": ")" + fingerprint +
         R"("}, "occurrenceCount": )" + std::to_string(count) +
         R"(, "properties": {"standing": ")" + standing + R"("}})";
}

Result<Baseline> read(const std::string& text) {
  const TemporaryFolder folder;
  Sources sources;
  return read_baseline(folder.write("base.sarif", text), sources);
}

}  // namespace

TEST_CASE("a baseline has what failed, in its own cluster, unless it has grown") {
  const auto baseline =
      read(log_of(result("aa", "failed", 3) + "," + result("bb", "known", 1) + "," +
                  result("cc", "waived", 1) + "," + result("dd", "undecided", 1)));
  REQUIRE(baseline.has_value());
  CHECK(baseline->has("prod", "aa", 3));
  CHECK(baseline->has("prod", "aa", 2));
  CHECK_FALSE(baseline->has("prod", "aa", 4));
  CHECK(baseline->has("prod", "bb", 1));
  CHECK_FALSE(baseline->has("prod", "cc", 1));
  CHECK_FALSE(baseline->has("prod", "dd", 1));
  CHECK_FALSE(baseline->has("test", "aa", 1));
  CHECK_FALSE(baseline->has("", "aa", 1));
}

TEST_CASE("the cluster of a run stands in its id") {
  CHECK(cluster_of_run("meshproof/plan/prod/") == "prod");
  CHECK(cluster_of_run("meshproof/plan/a/b/") == "a/b");
  CHECK(cluster_of_run("meshproof/plan/") == "");
  CHECK(cluster_of_run("other") == "");
}

TEST_CASE("what is no log of this program is no baseline") {
  for (const std::string& text :
       {std::string("{}"), std::string("[]"), log_of("", "other"), log_of(R"({"properties":
       {"standing": "failed"}})"),
        std::string(R"({"version": "2.1.0"})")}) {
    const auto baseline = read(text);
    REQUIRE_FALSE(baseline.has_value());
    CHECK(baseline.error().front().code == "bad-baseline");
  }
  REQUIRE_FALSE(read("{\"version\"").has_value());
  Sources sources;
  const auto missing = read_baseline("/nowhere/base.sarif", sources);
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().front().code == "cannot-read");
}
