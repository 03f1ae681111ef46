#include "reports/reach_summary.h"

#include <fmt/format.h>

#include "reports/header.h"
#include "reports/json.h"
#include "reports/text.h"

namespace meshproof {

std::string summary_json(const SummaryReport& report) {
  Json json = contract();
  json["network"] = to_json(report.network);
  json["summary"] = Json::object();
  for (const ReachCount& each : report.counts) json["summary"][std::string(each.key)] = each.count;
  json["assumptions"] = report.assumptions;
  json["coverage"] = to_json(report.coverage);
  return dump(json);
}

std::string summary_table(const SummaryReport& report, std::size_t width) {
  std::string text = wrapped(fmt::format("meshproof reach · {} · {}", network_words(report.network),
                                         coverage_words(report.coverage)),
                             width, 2) +
                     "\n\n";
  for (const ReachCount& each : report.counts) {
    text += wrapped(fmt::format("  {:>12}  {}", each.count, each.words), width, 16) + "\n";
  }
  const std::string assumptions = assumption_lines(report.assumptions, width);
  return assumptions.empty() ? text : text + "\n" + assumptions;
}

}  // namespace meshproof
