#include "tests/solver/lint_case.h"

#include <catch2/catch.hpp>

#include "solver/lint/lint.h"
#include "tests/support/yaml.h"

namespace meshproof {

std::vector<std::string> lint_lines(const std::string& manifests, const std::string& rules,
                                    const NetworkOptions& network) {
  LintOptions options;
  options.predict.network = network;
  options.only = {rules};
  const Snapshot snapshot = snapshot_from(manifests, network);
  std::vector<std::string> lines;
  for (const LintFinding& finding : lint(snapshot, options).findings) {
    lines.push_back(std::string{finding.rule->code} + ' ' + finding.subject + ": " +
                    finding.message);
  }
  return lines;
}

void check_one(const std::vector<std::string>& lines, std::string_view part) {
  CAPTURE(lines);
  REQUIRE(lines.size() == 1);
  CHECK(lines.front().find(part) != std::string::npos);
}

}  // namespace meshproof
