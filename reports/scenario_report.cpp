#include "reports/scenario_report.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/json.h"
#include "reports/text.h"

namespace meshproof {

bool ScenarioResult::passed() const {
  return !lines.empty() && std::all_of(lines.begin(), lines.end(),
                                       [](const ScenarioLine& each) { return each.passed; });
}

std::string scenarios_json(const std::vector<ScenarioResult>& results) {
  Json json = contract();
  json["scenarios"] = Json::array();
  for (const ScenarioResult& result : results) {
    Json each{{"folder", result.folder},
              {"description", result.description},
              {"passed", result.passed()}};
    each["expectations"] = Json::array();
    for (const ScenarioLine& line : result.lines) {
      Json expectation{{"expected", line.expected}, {"passed", line.passed}};
      if (!line.passed) expectation["seen"] = line.seen;
      each["expectations"].push_back(std::move(expectation));
    }
    json["scenarios"].push_back(std::move(each));
  }
  return dump(json);
}

std::string scenarios_table(const std::vector<ScenarioResult>& results, std::size_t width) {
  std::string text;
  std::size_t failed = 0;
  for (const ScenarioResult& result : results) {
    if (!result.passed()) ++failed;
    text += fmt::format("{} {}: {}\n", result.passed() ? "pass" : "FAIL", printable(result.folder),
                        counted(result.lines.size(), "expectation"));
    for (const ScenarioLine& line : result.lines) {
      std::string words =
          fmt::format("  {} {}", line.passed ? "ok  " : "FAIL", printable(line.expected));
      if (!line.passed) {
        words += "; seen: " + printable(line.seen);
        if (!line.where.empty()) words += "   " + printable(line.where);
      }
      text += wrapped(words, width, 9) + "\n";
    }
  }
  return text + fmt::format("{}, {} failed\n", counted(results.size(), "scenario"), failed);
}

}  // namespace meshproof
