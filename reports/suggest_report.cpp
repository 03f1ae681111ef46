#include "reports/suggest_report.h"

#include <algorithm>
#include <sstream>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/header.h"
#include "reports/json.h"
#include "reports/text.h"
#include "reports/verdict_report.h"
#include "reports/yaml.h"

namespace meshproof {
namespace {

constexpr std::size_t kNamesShown = 5;

bool is_proved(const Suggestion& suggestion) {
  return std::ranges::all_of(suggestion.verdicts, &Verdict::holds);
}

std::string name_of(const SuggestedPolicy& policy) { return policy.ns + '/' + policy.name; }

std::vector<std::string> policies_of(const Suggestion& suggestion, std::size_t flow) {
  std::vector<std::string> names;
  for (const SuggestedPolicy& policy : suggestion.policies) {
    if (std::ranges::binary_search(policy.flows, flow)) names.push_back(name_of(policy));
  }
  return names;
}

Json flow_json(const Suggestion& suggestion, std::size_t place, const Sources& sources) {
  const KeptAnswer& answer = suggestion.flows[place];
  Json json;
  json["from"] = answer.from;
  json["to"] = answer.to;
  json["status"] = to_string(answer.status);
  json["reason"] = answer.reason;
  json["ports"] = to_json(answer.ports);
  json["evidence"] = to_json(answer.evidence, sources);
  json["policies"] = policies_of(suggestion, place);
  json["alsoAdmitted"] = answer.also;
  json["remarks"] = answer.remarks;
  return json;
}

Json policy_json(const SuggestedPolicy& policy) {
  Json json;
  json["namespace"] = policy.ns;
  json["name"] = policy.name;
  json["direction"] = to_string(policy.direction);
  json["flows"] = policy.flows;
  json["object"] = to_json(policy.manifest);
  return json;
}

std::string_view status_word(KeptAnswer::Status status) {
  switch (status) {
    case KeptAnswer::Status::Kept:
      return "KEEPS";
    case KeptAnswer::Status::NotNeeded:
      return "OPEN";
    case KeptAnswer::Status::NeverOpen:
      return "CLOSED";
    case KeptAnswer::Status::Impossible:
      return "CANNOT";
    case KeptAnswer::Status::Undecided:
      return "UNKNOWN";
  }
  return {};
}

/// A line of a flow's details.
std::string detail(const std::string& text, std::size_t width) {
  return wrapped("        " + text, width, 10) + "\n";
}

std::string some_of(const std::vector<std::string>& names, bool full) {
  const std::size_t shown = full ? names.size() : std::min(names.size(), kNamesShown);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + printable(names[i]);
  if (shown < names.size()) text += fmt::format(" and {} more: --full", names.size() - shown);
  return text;
}

std::string flow_lines(const Suggestion& suggestion, std::size_t place, const Sources& sources,
                       std::size_t width, bool full) {
  const KeptAnswer& answer = suggestion.flows[place];
  std::string line = fmt::format("{:<7} {} → {}", status_word(answer.status),
                                 printable(answer.from), printable(answer.to));
  const bool is_kept = answer.status == KeptAnswer::Status::Kept;
  if (!answer.ports.is_empty()) line += "   " + to_string(answer.ports);
  const std::vector<std::string> names = policies_of(suggestion, place);
  if (is_kept) line += fmt::format("   by {}", fmt::join(names, ", "));
  std::string text = wrapped(line, width, 8) + "\n";
  if (!answer.reason.empty()) text += detail(printable(answer.reason), width);
  for (const Reason& reason : answer.evidence) {
    std::string why =
        fmt::format("lost by {}: {}", to_string(reason.direction), printable(reason.text));
    if (reason.place.is_known()) why += "  " + printable(sources.format(reason.place, false));
    text += detail(why, width);
  }
  if (!answer.also.empty()) {
    text += detail(fmt::format("the same labels or addresses mean {} more of the input: {}",
                               counted(answer.also.size(), "pod"), some_of(answer.also, full)),
                   width);
  }
  for (const std::string& remark : answer.remarks) text += detail(printable(remark), width);
  return text;
}

/// All of them as one stream, which kubectl takes.
std::string manifests_text(const Suggestion& suggestion) {
  std::string text;
  for (const SuggestedPolicy& policy : suggestion.policies) {
    text += "---\n" + yaml_text(policy.manifest);
  }
  return text;
}

std::string closing_words(const Suggestion& suggestion) {
  if (!is_proved(suggestion)) {
    return "not proved, so not to be applied as it is; -o yaml leaves the policies out";
  }
  return "to apply: the same command with -o yaml, | oc apply -f -, after the edit has arrived. "
         "Between the two the flows are cut; before the edit the policies alone would isolate the "
         "pods that they select, where none does yet";
}

std::string comment(std::string_view text) { return "# " + printable(text) + "\n"; }

}  // namespace

std::string suggest_json(const SuggestReport& report, const Sources& sources) {
  const Suggestion& suggestion = report.suggestion;
  Json json = contract();
  json["network"] = to_json(report.network);
  json["flows"] = Json::array();
  for (std::size_t i = 0; i < suggestion.flows.size(); ++i) {
    json["flows"].push_back(flow_json(suggestion, i, sources));
  }
  json["policies"] = Json::array();
  for (const SuggestedPolicy& policy : suggestion.policies) {
    json["policies"].push_back(policy_json(policy));
  }
  json["proved"] = is_proved(suggestion);
  json["verdicts"] = Json::array();
  for (const Verdict& verdict : suggestion.verdicts) {
    json["verdicts"].push_back(to_json(verdict, sources));
  }
  json["assumptions"] = report.assumptions;
  json["coverage"] = to_json(report.coverage);
  return dump(json);
}

std::string suggest_table(const SuggestReport& report, const Sources& sources, std::size_t width,
                          bool full) {
  const Suggestion& suggestion = report.suggestion;
  std::string text =
      wrapped(fmt::format("meshproof suggest · {} · {}", network_words(report.network),
                          coverage_words(report.coverage)),
              width, 2) +
      "\n\n";
  for (std::size_t i = 0; i < suggestion.flows.size(); ++i) {
    text += flow_lines(suggestion, i, sources, width, full);
  }
  if (!suggestion.policies.empty()) {
    text += "\n" + manifests_text(suggestion) + "\n";
    text += verdict_lines(suggestion.verdicts, sources, width, false) + "\n";
    text += wrapped(closing_words(suggestion), width, 2) + "\n";
  }
  const std::string assumptions = assumption_lines(report.assumptions, width);
  return assumptions.empty() ? text : text + "\n" + assumptions;
}

std::string suggest_yaml(const SuggestReport& report) {
  const Suggestion& suggestion = report.suggestion;
  std::string text;
  for (const KeptAnswer& answer : suggestion.flows) {
    const std::string flow = answer.from + " → " + answer.to;
    const bool is_kept = answer.status == KeptAnswer::Status::Kept;
    text += comment(is_kept ? "keeps " + flow + ", " + to_string(answer.ports)
                            : flow + ": " + answer.reason);
  }
  if (is_proved(suggestion)) return text + manifests_text(suggestion);
  for (const Verdict& verdict : suggestion.verdicts) {
    if (!verdict.holds()) text += comment("not proved, so left out: " + verdict.statement);
  }
  return text;
}

}  // namespace meshproof
