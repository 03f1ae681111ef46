#include "reports/verdict_report.h"

#include <algorithm>
#include <array>
#include <sstream>

#include <fmt/format.h>

#include "reports/header.h"
#include "reports/json.h"
#include "reports/text.h"

namespace meshproof {
namespace {

constexpr std::size_t kPoliciesShown = 5;

/// How verdicts are laid out.
struct Layout {
  const Sources& sources;
  std::size_t width;
  bool full;
};

std::size_t count_if(const std::vector<Verdict>& verdicts, bool (*holds)(const Verdict& verdict)) {
  return static_cast<std::size_t>(std::ranges::count_if(verdicts, holds));
}

template <typename Kind>
bool is(const Verdict& verdict) {
  return std::holds_alternative<Kind>(verdict.finding);
}

std::string flow_words(const Violated& violated) {
  std::string text = printable(violated.src) + " → " + printable(violated.dst);
  text += violated.protocol == Protocol::Icmp
              ? " ICMP"
              : fmt::format(" {} {}", to_string(violated.protocol), violated.port);
  return text;
}

std::string witness_lines(const Violated& violated, const Layout& layout) {
  const std::size_t width = layout.width;
  std::string example = "        for example " + flow_words(violated);
  if (violated.count > 1) example += fmt::format("; {} pairs in all", violated.count);
  std::string text;
  if (!violated.all.empty()) text = wrapped("        " + printable(violated.all), width, 10) + "\n";
  text += wrapped(example, width, 10) + "\n";
  for (const Reason& reason : violated.reasons) {
    std::string line =
        fmt::format("        {}: {}", to_string(reason.direction), printable(reason.text));
    if (reason.place.is_known()) {
      line += "  " + printable(layout.sources.format(reason.place, false));
    }
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

std::string moment_words(Moment moment) {
  if (moment == Moment::After) return {};
  return moment == Moment::Before ? " (before the change)" : " (at every step)";
}

/// Evaluation of what was enumerated goes without saying.
std::string decider_words(const Verdict& verdict, const Layout& layout) {
  const std::vector<Decider>& deciders = verdict.deciders;
  const bool is_plain = deciders == std::vector<Decider>{Decider::Evaluation};
  if (deciders.empty() || (is_plain && !layout.full)) return {};
  std::string names;
  for (const Decider each : deciders) {
    names += (names.empty() ? "" : ", ") + std::string{to_string(each)};
  }
  return "; decided by " + names;
}

/// A few names; with --full each policy with what of it counts.
std::string rests_on_lines(const std::vector<RestsOn>& policies, const Layout& layout) {
  if (policies.empty()) return {};
  std::string text;
  if (layout.full) {
    for (const RestsOn& each : policies) {
      std::string line = "        rests on: " + printable(each.policy);
      if (!each.because.empty()) line += ", which " + printable(each.because);
      if (each.where.is_known()) {
        line += "  " + printable(layout.sources.format(each.where, false));
      }
      text += wrapped(line, layout.width, 10) + "\n";
    }
    return text;
  }
  for (std::size_t i = 0; i < policies.size() && i < kPoliciesShown; ++i) {
    text += (i == 0 ? "" : ", ") + printable(policies[i].policy);
  }
  if (policies.size() > kPoliciesShown) {
    text += fmt::format(" and {} more", policies.size() - kPoliciesShown);
  }
  return wrapped("        rests on: " + text, layout.width, 10) + "\n";
}

std::string waiver_lines(const Verdict& verdict, const Layout& layout) {
  const std::string_view what = verdict.is_waived ? "waived by" : "beside what is covered by";
  std::string text;
  for (const Waiver& each : verdict.waivers) {
    std::string line =
        fmt::format("        {} {}: {}, {}, until {}", what, printable(each.exception),
                    printable(each.owner), printable(each.ticket), printable(each.expires));
    if (each.where.is_known()) line += "  " + printable(layout.sources.format(each.where, false));
    text += wrapped(line, layout.width, 10) + "\n";
  }
  return text;
}

/// The first line: the word, the statement, and what comes after it.
std::string head_line(const Verdict& verdict, std::string_view word, std::string_view rest,
                      const Layout& layout) {
  return wrapped(fmt::format("{:<7} {}: {}{}{}", word, printable(verdict.id),
                             printable(verdict.statement), moment_words(verdict.moment), rest),
                 layout.width, 8) +
         "\n";
}

std::string finding_lines(const Verdict& verdict, const std::string& description,
                          const Layout& layout) {
  if (const auto* holds = std::get_if<Holds>(&verdict.finding)) {
    const std::string rest = fmt::format(" ({}: {}{})", to_string(holds->universe),
                                         printable(holds->scope), decider_words(verdict, layout));
    return head_line(verdict, "HOLDS", rest, layout) + description +
           rests_on_lines(holds->rests_on, layout);
  }
  const std::string where =
      verdict.where.is_known() ? "  " + printable(layout.sources.format(verdict.where, false)) : "";
  if (const auto* violated = std::get_if<Violated>(&verdict.finding)) {
    const std::string_view before = verdict.as_before ? " (as before the change)" : "";
    return head_line(verdict, verdict.is_waived ? "WAIVED" : "FAIL", std::string(before) + where,
                     layout) +
           description + witness_lines(*violated, layout);
  }
  const auto* vacuous = std::get_if<Vacuous>(&verdict.finding);
  const std::string& reason =
      vacuous != nullptr ? vacuous->reason : std::get<Undecided>(verdict.finding).reason;
  return head_line(verdict, vacuous != nullptr ? "EMPTY" : "UNKNOWN",
                   ": " + printable(reason) + where, layout) +
         description;
}

std::string one_verdict(const Verdict& verdict, const Layout& layout) {
  const std::string description =
      verdict.description.empty()
          ? std::string{}
          : wrapped("        " + printable(verdict.description), layout.width, 8) + "\n";
  return finding_lines(verdict, description, layout) + waiver_lines(verdict, layout);
}

std::string_view finding_code(const Verdict& verdict) {
  if (verdict.is_waived) return "waived";
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
  if (!verdict.waivers.empty()) json["waivers"] = whole["waivers"];
  return json;
}

std::string section(const std::string& text) { return text.empty() ? text : "\n" + text; }

}  // namespace

std::string verdict_lines(const std::vector<Verdict>& verdicts, const Sources& sources,
                          std::size_t width, bool full) {
  struct CountRow {
    bool (*counts)(const Verdict& verdict);
    std::string_view words;
  };
  constexpr std::array kCounts = std::to_array<CountRow>({
      {[](const Verdict& each) { return is<Violated>(each) && !each.is_waived; }, "violated"},
      {[](const Verdict& each) { return each.is_waived; }, "waived"},
      {is<Vacuous>, "about nothing"},
      {is<Undecided>, "undecided"},
  });
  std::string text;
  for (const Verdict& verdict : verdicts) text += one_verdict(verdict, {sources, width, full});
  text += fmt::format("{}/{} hold", count_if(verdicts, is<Holds>), verdicts.size());
  for (const CountRow& row : kCounts) {
    if (const std::size_t n = count_if(verdicts, row.counts); n > 0) {
      text += fmt::format(" · {} {}", n, row.words);
    }
  }
  return text + "\n";
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
                               std::size_t width, bool full) {
  return wrapped(fmt::format("meshproof verify · {} · {}", network_words(verification.network),
                             coverage_words(verification.coverage)),
                 width, 2) +
         "\n\n" + verdict_lines(verification.verdicts, sources, width, full) +
         section(assumption_lines(verification.assumptions, width));
}

}  // namespace meshproof
