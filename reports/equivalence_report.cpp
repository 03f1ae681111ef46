#include "reports/equivalence_report.h"

#include <sstream>

#include <fmt/format.h>

#include "reports/diff_parts.h"
#include "reports/header.h"
#include "reports/json.h"
#include "reports/text.h"

namespace meshproof {
namespace {

constexpr std::size_t kShown = 10;

Json to_json(const FlowDifference& difference, const Sources& sources) {
  Json manifests = Json::array();
  for (const Tree& manifest : difference.manifests) manifests.push_back(to_json(manifest));
  return {{"change", difference.is_gained ? "gained" : "lost"},
          {"src", difference.src},
          {"dst", difference.dst},
          {"protocol", to_string(difference.protocol)},
          {"port", difference.port},
          {"before", to_json(difference.before, sources)},
          {"after", to_json(difference.after, sources)},
          {"manifests", std::move(manifests)}};
}

std::string reason_lines(std::string_view state, const std::vector<Reason>& reasons,
                         const Sources& sources, std::size_t width) {
  std::string text;
  for (const Reason& reason : reasons) {
    std::string line =
        fmt::format("      {}: {}: {}", state, to_string(reason.direction), printable(reason.text));
    if (reason.place.is_known()) line += "  " + printable(sources.format(reason.place, false));
    text += wrapped(line, width, 10) + "\n";
  }
  return text;
}

std::string example_lines(const FlowDifference& difference, const Sources& sources,
                          std::size_t width) {
  std::string text = wrapped(
      fmt::format("  {} {} → {} {} {}", difference.is_gained ? '+' : '-', printable(difference.src),
                  printable(difference.dst), to_string(difference.protocol), difference.port),
      width, 6);
  text += "\n" + reason_lines("before", difference.before, sources, width) +
          reason_lines("after", difference.after, sources, width);
  for (const Tree& manifest : difference.manifests) {
    std::istringstream lines(dump(to_json(manifest)));
    for (std::string line; std::getline(lines, line);) text += "      " + printable(line) + "\n";
  }
  return text;
}

}  // namespace

std::string equivalence_json(const Difference& difference, const Equivalence& equivalence,
                             const Sources& sources) {
  Json json = contract();
  json["before"] = to_json(difference.before);
  json["after"] = to_json(difference.after);
  json["equal"] = equivalence.examples.empty() && !equivalence.undecided.empty()
                      ? Json(nullptr)
                      : Json(equivalence.is_equal());
  json["universe"] = "unbounded";
  json["scope"] = equivalence.scope;
  json["examples"] = Json::array();
  for (const FlowDifference& one : equivalence.examples) {
    json["examples"].push_back(to_json(one, sources));
  }
  json["undecided"] = equivalence.undecided;
  json["assumptions"] = difference.assumptions;
  json["coverage"] = to_json(difference.coverage);
  if (difference.coverage_after) json["coverageAfter"] = to_json(*difference.coverage_after);
  return dump(json);
}

std::string equivalence_table(const Difference& difference, const Equivalence& equivalence,
                              const Sources& sources, std::size_t width, bool full) {
  std::string text = diff_header(difference, width) + "\n";
  const std::vector<FlowDifference>& examples = equivalence.examples;
  if (equivalence.is_equal()) {
    text += "EQUAL for every pod that could exist\n";
  } else if (!examples.empty()) {
    text += "DIFFERENT, for example (one flow of a kind for each project)\n";
  } else {
    text += "UNKNOWN whether they are equal\n";
  }
  const std::size_t shown = full ? examples.size() : std::min(examples.size(), kShown);
  for (std::size_t i = 0; i < shown; ++i) text += example_lines(examples[i], sources, width);
  if (shown < examples.size())
    text += fmt::format("  and {} more: --full\n", examples.size() - shown);
  for (const std::string& reason : equivalence.undecided) {
    text += wrapped("  not decided: " + printable(reason), width, 4) + "\n";
  }
  text += "\n" + wrapped("spoken of: " + printable(equivalence.scope), width, 2) + "\n";
  const std::string assumptions = assumption_lines(difference.assumptions, width);
  if (!assumptions.empty()) text += "\n" + assumptions;
  return text;
}

}  // namespace meshproof
