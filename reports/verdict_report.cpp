#include "reports/verdict_report.h"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "reports/header.h"
#include "reports/json.h"
#include "reports/report_json.h"
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

std::string hop_words(std::string_view src, std::string_view dst, Protocol protocol,
                      std::uint16_t port) {
  std::string text = printable(std::string(src)) + " → " + printable(std::string(dst));
  text += protocol == Protocol::Icmp ? " ICMP" : fmt::format(" {} {}", to_string(protocol), port);
  return text;
}

/// The flow, the way hop by hop, or the object.
std::string witness_words(const Violated& violated) {
  if (!violated.object.empty()) return printable(violated.object);
  std::string text = hop_words(violated.src, violated.dst, violated.protocol, violated.port);
  for (const WitnessHop& hop : violated.further) {
    text += ", " + hop_words(hop.src, hop.dst, hop.protocol, hop.port);
  }
  return text;
}

std::string reason_lines(const std::vector<Reason>& reasons, bool is_flow, const Sources& sources,
                         std::size_t width) {
  std::string text;
  for (const Reason& reason : reasons) {
    std::string line = "        ";
    if (is_flow) line += fmt::format("{}: ", to_string(reason.direction));
    line += printable(reason.text);
    if (reason.place.is_known()) line += "  " + printable(sources.format(reason.place, false));
    text += wrapped(line, width, 10) + "\n";
  }
  return text;
}

std::string witness_lines(const Violated& violated, const Layout& layout) {
  const Sources& sources = layout.sources;
  const std::size_t width = layout.width;
  const bool is_flow = violated.object.empty();
  std::string example = "        for example " + witness_words(violated);
  if (violated.count > 1) {
    example += fmt::format("; {} {} in all", violated.count, is_flow ? "pairs" : "objects");
  }
  std::string text;
  if (!violated.all.empty()) text = wrapped("        " + printable(violated.all), width, 10) + "\n";
  text += wrapped(example, width, 10) + "\n";
  text += reason_lines(violated.reasons, is_flow, sources, width);
  for (const WitnessHop& hop : violated.further) {
    text += wrapped("        " + hop_words(hop.src, hop.dst, hop.protocol, hop.port), width, 10) +
            "\n" + reason_lines(hop.reasons, true, sources, width);
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
    const std::string_view word = verdict.is_waived  ? "WAIVED"
                                  : verdict.is_known ? "KNOWN"
                                                     : "FAIL";
    return head_line(verdict, word, std::string(before) + where, layout) + description +
           witness_lines(*violated, layout);
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
  if (verdict.is_known) return "known";
  if (std::holds_alternative<Violated>(verdict.finding)) return "violated";
  return std::holds_alternative<Vacuous>(verdict.finding) ? "empty-group" : "undecided";
}

Json finding_json(const Verdict& verdict, const Sources& sources) {
  const Json whole = to_json(verdict, sources);
  Json json;
  json["code"] = finding_code(verdict);
  json["id"] = whole["id"];
  json["severity"] = whole["severity"];
  json["message"] = verdict_message(verdict);
  json["where"] = whole["where"];
  json["witness"] = whole["witness"];
  if (!verdict.waivers.empty()) json["waivers"] = whole["waivers"];
  return json;
}

std::string section(const std::string& text) { return text.empty() ? text : "\n" + text; }

}  // namespace

std::string flow_words(const Violated& violated) {
  return hop_words(violated.src, violated.dst, violated.protocol, violated.port);
}

std::string flow_words(const WitnessHop& hop) {
  return hop_words(hop.src, hop.dst, hop.protocol, hop.port);
}

std::string verdict_message(const Verdict& verdict) {
  if (const auto* holds = std::get_if<Holds>(&verdict.finding)) {
    return fmt::format("{} ({}: {})", verdict.statement, to_string(holds->universe), holds->scope);
  }
  if (const auto* violated = std::get_if<Violated>(&verdict.finding)) {
    const std::string_view answer = !violated->object.empty() ? ""
                                    : violated->is_open       ? " is open"
                                                              : " is closed";
    return verdict.statement + ": " + witness_words(*violated) + std::string(answer);
  }
  if (const auto* vacuous = std::get_if<Vacuous>(&verdict.finding)) return vacuous->reason;
  return std::get<Undecided>(verdict.finding).reason;
}

std::string verdict_lines(const std::vector<Verdict>& verdicts, const Sources& sources,
                          std::size_t width, bool full) {
  struct CountRow {
    bool (*counts)(const Verdict& verdict);
    std::string_view words;
  };
  constexpr std::array kCounts = std::to_array<CountRow>({
      {[](const Verdict& each) { return is<Violated>(each) && each.fails(); }, "violated"},
      {[](const Verdict& each) { return each.is_waived; }, "waived"},
      {[](const Verdict& each) { return each.is_known && !each.is_waived; }, "in the baseline"},
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

std::string recheck_lines(const std::vector<RecheckedVerdict>& rechecked, std::size_t width) {
  if (rechecked.empty()) return {};
  std::uint64_t flows = 0;
  std::map<Recheck, std::size_t> outcomes;
  std::string text;
  for (const RecheckedVerdict& one : rechecked) {
    flows += one.flows;
    ++outcomes[one.outcome];
    if (one.outcome == Recheck::Confirmed) continue;
    text += wrapped(fmt::format("  {} {}: {}", printable(one.id), to_string(one.outcome),
                                printable(one.words)),
                    width, 4) +
            "\n";
  }
  std::vector<std::string> counts;
  for (const auto& [outcome, count] : outcomes) {
    counts.push_back(fmt::format("{} {}", count, to_string(outcome)));
  }
  return fmt::format("rechecked by {} flows: {}\n", flows, fmt::join(counts, " · ")) + text;
}

std::string verification_json(const Verification& verification,
                              const std::vector<Judgement>& judgements, const Sources& sources) {
  Json json = contract();
  json["network"] = to_json(verification.network);
  json["findings"] = Json::array();
  json["verdicts"] = Json::array();
  for (const Verdict& verdict : verification.verdicts) {
    if (!verdict.holds()) json["findings"].push_back(finding_json(verdict, sources));
    json["verdicts"].push_back(to_json(verdict, sources));
  }
  json["judgements"] = to_json(judgements);
  json["assumptions"] = verification.assumptions;
  if (!verification.rechecked.empty()) json["recheck"] = to_json(verification.rechecked);
  json["coverage"] = to_json(verification.coverage);
  return dump(json);
}

std::string verification_table(const Verification& verification, const Sources& sources,
                               std::size_t width, bool full) {
  return wrapped(fmt::format("meshproof verify · {} · {}", network_words(verification.network),
                             coverage_words(verification.coverage)),
                 width, 2) +
         "\n\n" + verdict_lines(verification.verdicts, sources, width, full) +
         recheck_lines(verification.rechecked, width) +
         section(assumption_lines(verification.assumptions, width));
}

}  // namespace meshproof
