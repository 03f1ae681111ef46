#include "reports/lint_report.h"

#include <array>
#include <iterator>

#include <fmt/format.h>

#include "reports/header.h"
#include "reports/report_json.h"
#include "reports/text.h"

namespace meshproof {
namespace {

/// How many findings of one rule are shown before the rest is folded.
constexpr std::size_t kShown = 5;

std::string finding_line(const LintFinding& finding, const Sources& sources, std::size_t width) {
  std::string text =
      fmt::format("    {} {}", printable(finding.subject), printable(finding.message));
  if (finding.is_known) text += " (in the baseline)";
  if (finding.place.is_known()) {
    text += "   " + printable(sources.format(finding.place, false));
  }
  return wrapped(text, width, 6) + "\n";
}

using FindingIterator = std::vector<LintFinding>::const_iterator;

/// The findings of one rule.
std::string rule_section(FindingIterator first, FindingIterator last, const Sources& sources,
                         std::size_t width, bool full) {
  const Rule& rule = *first->rule;
  const auto count = static_cast<std::size_t>(std::distance(first, last));
  std::string text = fmt::format("  {:<7} {} {}{}\n", to_string(rule.severity), rule.code,
                                 rule.name, count > 1 ? fmt::format(" ({})", count) : "");
  const std::size_t shown = full || count <= kShown + 1 ? count : kShown;
  for (std::size_t i = 0; i < shown; ++i, ++first) text += finding_line(*first, sources, width);
  if (shown < count) text += fmt::format("    and {} more: --full\n", count - shown);
  return text + wrapped(fmt::format("    fix: {}", rule.fix), width, 9) + "\n";
}

std::string unjudged_lines(const std::vector<UnjudgedRule>& unjudged, std::size_t width) {
  std::string text;
  for (const UnjudgedRule& each : unjudged) {
    text += wrapped(fmt::format("  {} {}: {}", each.rule->code, each.rule->name,
                                printable(each.missing)),
                    width, 6) +
            "\n";
  }
  return text.empty() ? "" : "Not judged, for the input lacks what they need\n" + text;
}

}  // namespace

std::string severity_counts(const std::vector<LintFinding>& findings) {
  std::array<std::size_t, 3> counts{};
  for (const LintFinding& finding : findings) {
    ++counts.at(static_cast<std::size_t>(finding.rule->severity));
  }
  std::string text;
  for (const Severity severity : {Severity::Error, Severity::Warning, Severity::Note}) {
    const std::size_t count = counts.at(static_cast<std::size_t>(severity));
    if (count == 0) continue;
    text += (text.empty() ? "" : ", ") + counted(count, to_string(severity));
  }
  return text.empty() ? "nothing found" : text;
}

std::string finding_lines(const std::vector<LintFinding>& findings, const Sources& sources,
                          std::size_t width, bool full) {
  std::string text;
  for (auto first = findings.begin(); first != findings.end();) {
    auto last = first;
    while (last != findings.end() && last->rule == first->rule) ++last;
    text += rule_section(first, last, sources, width, full);
    first = last;
  }
  return text;
}

Json to_json(const LintFinding& finding, const Sources& sources) {
  Json json;
  json["code"] = finding.rule->code;
  json["name"] = finding.rule->name;
  json["group"] = to_string(finding.rule->group);
  json["severity"] = to_string(finding.rule->severity);
  json["message"] = fmt::format("{} {}", finding.subject, finding.message);
  json["subject"] = finding.subject;
  json["namespace"] = finding.ns;
  json["where"] = to_json(finding.place, sources);
  json["witness"] = finding.witness ? to_json(*finding.witness, sources) : Json(nullptr);
  if (finding.is_known) json["known"] = true;
  return json;
}

Json to_json(const std::vector<LintFinding>& findings, const Sources& sources) {
  Json json = Json::array();
  for (const LintFinding& finding : findings) json.push_back(to_json(finding, sources));
  return json;
}

std::string lint_json(const LintResult& result, const std::vector<Judgement>& judgements,
                      const Sources& sources) {
  Json json = contract();
  json["network"] = to_json(result.network);
  json["rules"] = result.report.rules;
  json["findings"] = to_json(result.report.findings, sources);
  json["unjudged"] = Json::array();
  for (const UnjudgedRule& each : result.report.unjudged) {
    json["unjudged"].push_back({{"code", each.rule->code}, {"missing", each.missing}});
  }
  json["judgements"] = to_json(judgements);
  json["assumptions"] = result.assumptions;
  json["coverage"] = to_json(result.coverage);
  return dump(json);
}

std::string lint_table(const LintResult& result, const Sources& sources, std::size_t width,
                       bool full) {
  const LintReport& report = result.report;
  std::string text = wrapped(fmt::format("meshproof lint · {} · {}", network_words(result.network),
                                         coverage_words(result.coverage)),
                             width, 2) +
                     "\n";
  const std::string findings = finding_lines(report.findings, sources, width, full);
  const std::string unjudged = unjudged_lines(report.unjudged, width);
  const std::string assumed = assumption_lines(result.assumptions, width);
  for (const std::string& section : {findings, unjudged, assumed}) {
    if (!section.empty()) text += "\n" + section;
  }
  return text + fmt::format("\n{} by {}\n", severity_counts(report.findings),
                            counted(report.rules, "rule"));
}

}  // namespace meshproof
