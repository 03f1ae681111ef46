#include <algorithm>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

#include "reports/header.h"
#include "reports/json.h"
#include "reports/report_formats.h"
#include "reports/source_uri.h"
#include "reports/text.h"

namespace meshproof {
namespace {

/// What GitHub takes of a run, and shows of a result and a rule.
constexpr std::size_t kMostResults = 25'000;
constexpr std::size_t kMostFlowSteps = 1'000;
constexpr std::size_t kMostRelated = 100;
constexpr std::size_t kMostTags = 10;

std::string_view level_of(Severity severity) {
  // SARIF's words are ours.
  return to_string(severity);
}

Json text(std::string_view words) { return {{"text", printable(words)}}; }

Json physical(const SourceLine& line) {
  Json artifact{{"uri", source_uri(line.path)}};
  if (!line.path.starts_with('/')) artifact["uriBaseId"] = "%SRCROOT%";
  Json json{{"artifactLocation", std::move(artifact)}};
  if (line.line == 0) return json;
  json["region"] = {{"startLine", line.line}};
  if (line.column != 0) json["region"]["startColumn"] = line.column;
  return json;
}

Json location(const SourceLine& line, std::string_view message = {}) {
  Json json = Json::object();
  if (line.is_known()) json["physicalLocation"] = physical(line);
  if (!message.empty()) json["message"] = text(message);
  return json;
}

Json rule_json(const JudgedRule& rule) {
  Json json{{"id", rule.id}};
  if (rule.name != rule.id) json["name"] = rule.name;
  const std::string title = rule.title.empty() ? rule.id : rule.title;
  json["shortDescription"] = text(title);
  json["fullDescription"] = text(rule.help.empty() ? title : rule.help);
  const std::string help = rule.help.empty() ? title : rule.help;
  const std::string fix = rule.fix.empty() ? "" : "\n\nFix: " + rule.fix;
  json["help"] = {{"text", help + fix}};
  json["defaultConfiguration"] = {{"level", level_of(rule.severity)}};
  Json tags = Json::array();
  for (std::size_t i = 0; i < rule.tags.size() && i < kMostTags; ++i) tags.push_back(rule.tags[i]);
  json["properties"] = {{"tags", std::move(tags)}, {"problem.severity", level_of(rule.severity)}};
  return json;
}

/// The witness hop by hop, or the writes that lead to a bad moment.
Json code_flows(const Judgement& judgement) {
  Json steps = Json::array();
  for (std::size_t i = 0; i < judgement.flow.size() && i < kMostFlowSteps; ++i) {
    const Evidence& each = judgement.flow[i];
    steps.push_back({{"location", location(each.where, each.text)}});
  }
  return Json::array({{{"threadFlows", Json::array({{{"locations", std::move(steps)}}})}}});
}

Json suppression(std::string_view why) {
  return {{"kind", "external"}, {"status", "accepted"}, {"justification", printable(why)}};
}

Json suppressions(const Judgement& judgement) {
  Json json = Json::array();
  if (judgement.standing == Standing::Known) json.push_back(suppression("in the baseline"));
  if (judgement.standing != Standing::Waived) return json;
  for (const Waiver& waiver : judgement.waivers) {
    json.push_back(suppression(fmt::format("exception {}: {}, {}, until {}", waiver.exception,
                                           waiver.owner, waiver.ticket, waiver.expires)));
  }
  return json;
}

std::string message_of(const Judgement& judgement) {
  std::string words = judgement.standing == Standing::Undecided ? "not decided: " : std::string{};
  words += judgement.message;
  if (judgement.count > 1) words += fmt::format(" ({} in all)", judgement.count);
  if (!judgement.where.rendered.empty()) words += ", rendered at " + judgement.where.rendered;
  return words;
}

Json result_json(const Report& report, const Judgement& judgement) {
  const auto* const rule = rule_of(report, judgement);
  Json json{{"ruleId", judgement.rule}};
  if (rule != nullptr) json["ruleIndex"] = rule - report.rules.data();
  json["level"] = level_of(judgement.severity);
  json["message"] = text(message_of(judgement));
  json["locations"] = Json::array({location(judgement.where)});
  if (!judgement.flow.empty()) json["codeFlows"] = code_flows(judgement);
  Json related = Json::array();
  for (const Evidence& each : judgement.beside) {
    if (related.size() == kMostRelated) break;
    if (each.where.is_known()) related.push_back(location(each.where, each.text));
  }
  if (!related.empty()) json["relatedLocations"] = std::move(related);
  json["occurrenceCount"] = judgement.count;
  json["partialFingerprints"] = {{"meshproof/v1", judgement.fingerprint}};
  Json covered = suppressions(judgement);
  if (!covered.empty()) json["suppressions"] = std::move(covered);
  json["properties"] = {{"phase", judgement.phase}, {"standing", to_string(judgement.standing)}};
  return json;
}

/// What did not pass, the gravest first.
std::vector<const Judgement*> results_of(const Report& report) {
  std::vector<const Judgement*> results;
  for (const Judgement& each : report.judgements) {
    if (each.standing != Standing::Passed) results.push_back(&each);
  }
  std::ranges::stable_sort(results, std::ranges::greater{},
                           [](const Judgement* each) { return each->severity; });
  return results;
}

/// Statements that hold are no results, and what they hold for must not be lost.
Json passed_json(const Report& report) {
  Json json = Json::array();
  for (const Judgement& each : report.judgements) {
    if (each.standing != Standing::Passed) continue;
    json.push_back({{"rule", each.rule}, {"phase", each.phase}, {"message", each.message}});
  }
  return json;
}

Json run_json(const Report& report) {
  const std::vector<const Judgement*> results = results_of(report);
  Json rules = Json::array();
  for (const JudgedRule& rule : report.rules) rules.push_back(rule_json(rule));
  Json driver{{"name", "meshproof"}, {"version", report.version}, {"rules", std::move(rules)}};
  Json invocation{{"executionSuccessful", true}};
  if (!report.invocation.empty()) invocation["commandLine"] = report.invocation;
  if (results.size() > kMostResults) {
    const std::string left =
        fmt::format("{} more results are left out, the least grave", results.size() - kMostResults);
    invocation["toolExecutionNotifications"] =
        Json::array({{{"level", "warning"}, {"message", text(left)}}});
  }
  Json json{{"tool", {{"driver", std::move(driver)}}}};
  json["automationDetails"] = {
      {"id", fmt::format("meshproof/{}/{}{}", report.command, report.cluster,
                         report.cluster.empty() ? "" : "/")}};
  json["columnKind"] = "unicodeCodePoints";
  json["originalUriBaseIds"] = {
      {"%SRCROOT%", {{"description", text("where the run began: the root of a checkout")}}}};
  json["invocations"] = Json::array({std::move(invocation)});
  json["results"] = Json::array();
  for (std::size_t i = 0; i < results.size() && i < kMostResults; ++i) {
    json["results"].push_back(result_json(report, *results[i]));
  }
  json["properties"] = {{"network", network_words(report.network)},
                        {"coverage", coverage_words(report.coverage)},
                        {"assumptions", report.assumptions},
                        {"passed", passed_json(report)}};
  return json;
}

}  // namespace

std::string sarif(std::span<const Report> reports) {
  Json runs = Json::array();
  for (const Report& report : reports) runs.push_back(run_json(report));
  return dump({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
               {"version", "2.1.0"},
               {"runs", std::move(runs)}});
}

}  // namespace meshproof
