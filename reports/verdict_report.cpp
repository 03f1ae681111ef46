#include "reports/verdict_report.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "reports/header.h"
#include "reports/json.h"
#include "reports/text.h"

namespace meshproof {
namespace {

template <typename Kind>
std::size_t count_of(const std::vector<Verdict>& verdicts) {
  return static_cast<std::size_t>(std::count_if(
      verdicts.begin(), verdicts.end(),
      [](const Verdict& verdict) { return std::holds_alternative<Kind>(verdict.finding); }));
}

std::string flow_words(const Violated& violated) {
  std::string text = printable(violated.src) + " → " + printable(violated.dst);
  text += violated.protocol == Protocol::Icmp
              ? " ICMP"
              : fmt::format(" {} {}", to_string(violated.protocol), violated.port);
  return text;
}

std::string witness_lines(const Violated& violated, const Sources& sources, std::size_t width) {
  std::string example = "        for example " + flow_words(violated);
  if (violated.count > 1) example += fmt::format("; {} pairs in all", violated.count);
  std::string text;
  if (!violated.all.empty()) text = wrapped("        " + printable(violated.all), width, 10) + "\n";
  text += wrapped(example, width, 10) + "\n";
  for (const Reason& reason : violated.reasons) {
    std::string line =
        fmt::format("        {}: {}", to_string(reason.direction), printable(reason.text));
    if (reason.place.is_known()) line += "  " + printable(sources.format(reason.place, false));
    text += wrapped(line, width, 10) + "\n";
  }
  for (const Tree& manifest : violated.manifests) {
    std::istringstream lines(dump(to_json(manifest)));
    for (std::string line; std::getline(lines, line);) {
      text += "        " + printable(line) + "\n";
    }
  }
  return text;
}

std::string one_verdict(const Verdict& verdict, const Sources& sources, std::size_t width) {
  const auto line = [&](std::string_view word, std::string rest) {
    return wrapped(fmt::format("{:<7} {}: {}{}", word, printable(verdict.id),
                               printable(verdict.statement), rest),
                   width, 8) +
           "\n";
  };
  if (const auto* holds = std::get_if<Holds>(&verdict.finding)) {
    return line("HOLDS",
                fmt::format(" ({}: {})", to_string(holds->universe), printable(holds->scope)));
  }
  const std::string where =
      verdict.where.is_known() ? "  " + printable(sources.format(verdict.where, false)) : "";
  if (const auto* violated = std::get_if<Violated>(&verdict.finding)) {
    const std::string_view before = verdict.as_before ? " (as before the change)" : "";
    return line("FAIL", std::string(before) + where) + witness_lines(*violated, sources, width);
  }
  if (const auto* vacuous = std::get_if<Vacuous>(&verdict.finding)) {
    return line("EMPTY", ": " + printable(vacuous->reason) + where);
  }
  return line("UNKNOWN", ": " + printable(std::get<Undecided>(verdict.finding).reason) + where);
}

std::string_view finding_code(const Verdict& verdict) {
  if (std::holds_alternative<Violated>(verdict.finding)) return "violated";
  return std::holds_alternative<Vacuous>(verdict.finding) ? "empty-group" : "undecided";
}

std::string finding_message(const Verdict& verdict) {
  if (const auto* violated = std::get_if<Violated>(&verdict.finding)) {
    const std::string_view answer = violated->is_open ? " is open" : " is closed";
    return verdict.statement + ": " + flow_words(*violated) + std::string(answer);
  }
  if (const auto* vacuous = std::get_if<Vacuous>(&verdict.finding)) return vacuous->reason;
  return std::get<Undecided>(verdict.finding).reason;
}

Json finding_json(const Verdict& verdict, const Sources& sources) {
  const Json whole = to_json(verdict, sources);
  Json json;
  json["code"] = finding_code(verdict);
  json["id"] = whole["id"];
  json["severity"] = whole["severity"];
  json["message"] = finding_message(verdict);
  json["where"] = whole["where"];
  json["witness"] = whole["witness"];
  return json;
}

std::string section(const std::string& text) { return text.empty() ? text : "\n" + text; }

}  // namespace

std::string verdict_lines(const std::vector<Verdict>& verdicts, const Sources& sources,
                          std::size_t width) {
  std::string text;
  for (const Verdict& verdict : verdicts) text += one_verdict(verdict, sources, width);
  std::vector<std::string> counts{
      fmt::format("{}/{} hold", count_of<Holds>(verdicts), verdicts.size())};
  if (const std::size_t n = count_of<Violated>(verdicts))
    counts.push_back(fmt::format("{} violated", n));
  if (const std::size_t n = count_of<Vacuous>(verdicts)) {
    counts.push_back(fmt::format("{} about nothing", n));
  }
  if (const std::size_t n = count_of<Undecided>(verdicts))
    counts.push_back(fmt::format("{} undecided", n));
  return text + fmt::format("{}\n", fmt::join(counts, " · "));
}

std::string verification_json(const Verification& verification, const Sources& sources) {
  Json json = contract();
  json["network"] = to_json(verification.network);
  json["findings"] = Json::array();
  json["verdicts"] = Json::array();
  for (const Verdict& verdict : verification.verdicts) {
    if (!verdict.holds()) json["findings"].push_back(finding_json(verdict, sources));
    json["verdicts"].push_back(to_json(verdict, sources));
  }
  json["assumptions"] = verification.assumptions;
  json["coverage"] = to_json(verification.coverage);
  return dump(json);
}

std::string verification_table(const Verification& verification, const Sources& sources,
                               std::size_t width) {
  return wrapped(fmt::format("meshproof verify · {} · {}", network_words(verification.network),
                             coverage_words(verification.coverage)),
                 width, 2) +
         "\n\n" + verdict_lines(verification.verdicts, sources, width) +
         section(assumption_lines(verification.assumptions, width));
}

}  // namespace meshproof
