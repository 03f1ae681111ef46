#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "reports/csv.h"
#include "reports/json.h"
#include "reports/report_formats.h"
#include "reports/text.h"

namespace meshproof {
namespace {

/// What somebody has to look at, the gravest first.
struct Open {
  const Report* report = nullptr;
  const Judgement* judgement = nullptr;
};
std::vector<Open> open_judgements(std::span<const Report> reports) {
  std::vector<Open> open;
  for (const Report& report : reports) {
    for (const Judgement& each : report.judgements) {
      if (each.standing == Standing::Failed || each.standing == Standing::Undecided) {
        open.push_back({&report, &each});
      }
    }
  }
  std::ranges::stable_sort(open, std::ranges::greater{},
                           [](const Open& each) { return each.judgement->severity; });
  return open;
}

std::string message_of(const Open& open) {
  const Judgement& judgement = *open.judgement;
  std::string words = open.report->cluster.empty() ? "" : open.report->cluster + ": ";
  if (judgement.standing == Standing::Undecided) words += "not decided: ";
  return words + judgement.message;
}

std::string_view code_quality_severity(Severity severity) {
  switch (severity) {
    case Severity::Error:
      return "critical";
    case Severity::Warning:
      return "major";
    case Severity::Note:
      break;
  }
  return "info";
}

std::string_view github_level(Severity severity) {
  return severity == Severity::Note ? "notice" : to_string(severity);
}

/// The escapes of GitHub's workflow commands; in properties two characters more.
std::string workflow_text(std::string_view text, bool is_property) {
  std::string result;
  for (const char character : printable(text)) {
    const bool is_escaped =
        character == '%' || (is_property && (character == ':' || character == ','));
    result += is_escaped ? fmt::format("%{:02X}", static_cast<unsigned char>(character))
                         : std::string(1, character);
  }
  return result;
}

}  // namespace

std::string code_quality(std::span<const Report> reports) {
  Json json = Json::array();
  std::map<std::string, std::size_t> seen;
  for (const Open& open : open_judgements(reports)) {
    const Judgement& judgement = *open.judgement;
    // Of equal fingerprints GitLab shows the first alone.
    std::string fingerprint = judgement.fingerprint;
    if (const std::size_t before = seen[fingerprint]++; before > 0) {
      fingerprint += fmt::format("-{}", before);
    }
    json.push_back({{"description", printable(message_of(open))},
                    {"check_name", judgement.rule},
                    {"fingerprint", fingerprint},
                    {"severity", code_quality_severity(judgement.severity)},
                    {"location",
                     {{"path", judgement.where.path},
                      {"lines", {{"begin", std::max(judgement.where.line, 1U)}}}}}});
  }
  return dump(json);
}

std::string github_annotations(std::span<const Report> reports) {
  std::string text;
  for (const Open& open : open_judgements(reports)) {
    const Judgement& judgement = *open.judgement;
    std::string properties;
    const auto add = [&](std::string_view name, const std::string& value) {
      properties +=
          fmt::format("{}{}={}", properties.empty() ? " " : ",", name, workflow_text(value, true));
    };
    if (judgement.where.is_known()) add("file", judgement.where.path);
    if (judgement.where.line != 0) add("line", std::to_string(judgement.where.line));
    if (judgement.where.column != 0) add("col", std::to_string(judgement.where.column));
    add("title", "meshproof " + judgement.rule);
    text += fmt::format("::{}{}::{}\n", github_level(judgement.severity), properties,
                        workflow_text(message_of(open), false));
  }
  return text;
}

std::string judgements_csv(std::span<const Report> reports) {
  std::string text = csv_line({"cluster", "phase", "rule", "severity", "standing", "subject",
                               "message", "count", "file", "line", "column", "fingerprint"});
  for (const Report& report : reports) {
    for (const Judgement& each : report.judgements) {
      const auto number = [](std::uint32_t value) {
        return value == 0 ? std::string{} : std::to_string(value);
      };
      text += csv_line({report.cluster, each.phase, each.rule, to_string(each.severity),
                        to_string(each.standing), each.subject, each.message,
                        std::to_string(each.count), each.where.path, number(each.where.line),
                        number(each.where.column), each.fingerprint});
    }
  }
  return text;
}

}  // namespace meshproof
