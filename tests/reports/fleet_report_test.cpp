#include "reports/fleet_report.h"

#include <memory>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

using namespace meshproof;

namespace {

/// One cluster with a document, one without, the document in pieces of `size`.
std::string told(std::unique_ptr<FleetReport> (*make)(TextSink), std::string_view document,
                 std::size_t size) {
  std::string text;
  const auto report = make([&](std::string_view piece) {
    text += piece;
    return true;
  });
  report->begin("east");
  for (std::size_t at = 0; at < document.size(); at += size) {
    CHECK(report->add(document.substr(at, size)));
  }
  report->end(1);
  report->begin("west");
  report->end(2);
  report->finish();
  return text;
}

}  // namespace

TEST_CASE("documents of clusters become one, however they come in pieces") {
  const std::string document = "{\n  \"version\": 1,\n  \"texts\": [\n    \"}\\n}\\n\"\n  ]\n}\n";
  for (std::size_t size = 1; size <= document.size(); ++size) {
    CAPTURE(size);
    CHECK(told(fleet_json, document, size) == R"({
  "version": 1,
  "clusters": [
    {
      "cluster": "east",
      "version": 1,
      "texts": [
        "}\n}\n"
      ],
      "exitCode": 1
    },
    {
      "cluster": "west",
      "exitCode": 2
    }
  ]
}
)");
  }
}

TEST_CASE("tables of clusters stand below each other, and one without a table says so") {
  CHECK(told(fleet_text, "a table\n", 3) ==
        "== cluster east\na table\n\n== cluster west\nno result: see the errors\n"
        "\n== exit codes\n  east  1\n  west  2\n");
}

TEST_CASE("a report that cannot be written asks for no more") {
  for (const auto make : {fleet_text, fleet_json}) {
    std::size_t pieces = 0;
    const auto report = make([&](std::string_view) { return ++pieces < 2; });
    report->begin("east");
    CHECK_FALSE(report->is_broken());
    CHECK_FALSE(report->add("{\n  \"version\": 1\n}\n"));
    CHECK(report->is_broken());
    report->end(0);
    report->finish();
    CHECK(pieces == 2);
  }
}
