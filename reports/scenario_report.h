#pragma once

#include <string>
#include <vector>

namespace meshproof {

/// One line of a scenario's result.
struct ScenarioLine {
  bool passed = false;
  std::string expected;
  std::string seen;   ///< of a failure
  std::string where;  ///< `scenario.yaml:12`; empty if unknown
};

struct ScenarioResult {
  std::string folder;
  std::string description;
  std::vector<ScenarioLine> lines;

  [[nodiscard]] bool passed() const;
};

/// The contract of `scenario run -o json`.
[[nodiscard]] std::string scenarios_json(const std::vector<ScenarioResult>& results);
[[nodiscard]] std::string scenarios_table(const std::vector<ScenarioResult>& results,
                                          std::size_t width);

}  // namespace meshproof
