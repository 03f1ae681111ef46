#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "reports/header.h"
#include "reports/report_formats.h"
#include "reports/report_words.h"
#include "reports/text.h"

namespace meshproof {
namespace {

/// What GitHub takes of a comment; characters of several bytes make it shorter than it might be.
constexpr std::size_t kMostBytes = 65'536;
constexpr std::size_t kMostDecisions = 20;
/// What `and N more` takes at most.
constexpr std::size_t kMoreLine = 45;

/// Text that Markdown, and what else reads comments (mentions, references, emoji), takes for
/// itself.
std::string plain(std::string_view text) {
  constexpr std::string_view kOfMarkdown = "\\`*_[]|~";
  // An entity is read by nobody: a backslash does not keep a mention from being one.
  constexpr std::string_view kOfOthers = "@<>&#";
  const std::string shown = printable(text);
  std::string result;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char character = shown[i];
    const bool begins_word = character == ':' && i + 1 < shown.size() && shown[i + 1] != ' ';
    if (begins_word || kOfOthers.find(character) != std::string_view::npos) {
      result += fmt::format("&#{};", static_cast<int>(character));
      continue;
    }
    if (kOfMarkdown.find(character) != std::string_view::npos) result += '\\';
    result += character;
  }
  return result;
}

std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char character : text) {
    run = character == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

/// Text in a code span that no backtick in it ends, also in a cell of a table.
std::string code(std::string_view text) {
  std::string shown = printable(text);
  for (std::size_t at = 0; (at = shown.find('|', at)) != std::string::npos; at += 2) {
    shown.insert(at, 1, '\\');
  }
  const std::string fence(longest_run(shown, '`') + 1, '`');
  const std::string_view gap = fence.size() > 1 ? " " : "";
  return fmt::format("{0}{1}{2}{1}{0}", fence, gap, shown);
}

/// The address between `<` and `>`, which it cannot hold, with its `&` not the begin of an entity.
std::string linked(const std::string& words, std::string_view address) {
  std::string target;
  for (const char character : address)
    target += character == '&' ? "&amp;" : std::string(1, character);
  return fmt::format("[{}](<{}>)", words, target);
}

std::string line_words(const SourceLine& line, bool with_link) {
  if (!line.is_known()) return {};
  const std::string words = code(to_string(line, false));
  return " — " + (with_link && !line.address.empty() ? linked(words, line.address) : words);
}

bool is_open(const Judgement& judgement) {
  return judgement.kind != JudgementKind::Moment &&
         (judgement.standing == Standing::Failed || judgement.standing == Standing::Undecided);
}

bool fails(const Report& report) {
  return std::ranges::any_of(report.judgements,
                             [&](const Judgement& each) { return counts(report, each); });
}

bool is_undecided(const Report& report) {
  return std::ranges::any_of(report.judgements, [](const Judgement& each) {
    return each.kind != JudgementKind::Moment && each.standing == Standing::Undecided;
  });
}

bool changes(const Report& report) {
  return report.change &&
         (report.change->created + report.change->updated + report.change->deleted > 0 ||
          report.change->lost + report.change->gained > 0);
}

std::string_view sign_of(const Report& report) {
  if (fails(report)) return "❌";
  if (is_undecided(report)) return "❔";
  if (report.change && !changes(report)) return "➖";
  return "✅";
}

std::string_view sign_of(std::span<const Report> reports) {
  if (std::ranges::any_of(reports, fails)) return "❌";
  return std::ranges::any_of(reports, is_undecided) ? "❔" : "✅";
}

std::size_t lost_uses(std::span<const Report> reports) {
  std::size_t count = 0;
  for (const Report& report : reports) {
    count += report.change ? report.change->lost_uses.size() : 0;
  }
  return count;
}

/// What the change does, or how many statements and rules failed.
std::string headline(std::span<const Report> reports) {
  const Report& first = reports.front();
  if (!first.change) {
    std::size_t open = 0;
    for (const Report& report : reports) {
      open += static_cast<std::size_t>(std::ranges::count_if(report.judgements, is_open));
    }
    return open == 0 ? "nothing found" : counted(open, "finding");
  }
  std::string words;
  for (const Report& report : reports) {
    if (!report.change || report.change->edits.empty()) continue;
    for (const std::string& edit : report.change->edits) {
      words += (words.empty() ? "" : ", ") + plain(edit);
    }
    break;
  }
  if (words.empty()) words = "the change";
  const std::size_t lost = lost_uses(reports);
  words += lost == 0 ? " cuts nothing that is known to be used"
                     : fmt::format(" cuts {} that {} used", counted(lost, "connection"),
                                   lost == 1 ? "is" : "are");
  if (reports.size() > 1) {
    words += fmt::format(" ({} of {} clusters change)", std::ranges::count_if(reports, changes),
                         reports.size());
  }
  return words;
}

std::string change_cells(const Report& report) {
  if (!report.change) return "– | – | –";
  const ChangeSummary& change = *report.change;
  if (!changes(report)) return "no change | 0 | 0";
  const std::string lost = change.undecided == 0
                               ? std::to_string(change.lost)
                               : fmt::format("{} (+{}?)", change.lost, change.undecided);
  return fmt::format("+{} ~{} −{} | **{}** / {} | {}", change.created, change.updated,
                     change.deleted, change.lost_uses.size(), lost, change.gained);
}

std::string table(std::span<const Report> reports) {
  std::string text =
      "| cluster | network | objects | lost (used / all) | gained | statements | result |\n"
      "|---|---|---|---|---|---|---|\n";
  for (const Report& report : reports) {
    text += fmt::format("| {} | {} | {} | {} | {} |\n",
                        report.cluster.empty() ? "–" : plain(report.cluster),
                        plain(network_words(report.network)), change_cells(report),
                        statement_counts(report), sign_of(report));
  }
  return text;
}

/// One thing that a reviewer has to decide.
struct Decision {
  std::string begin;
  SourceLine where;
  std::string end = {};

  [[nodiscard]] std::string text(bool with_link) const {
    return begin + line_words(where, with_link) + end;
  }
};

/// In the order of their gravity.
std::vector<Decision> decisions_of(const Report& report) {
  std::vector<Decision> decisions;
  if (report.change) {
    for (const LostUse& use : report.change->lost_uses) {
      decisions.push_back(
          {fmt::format("{} closes: {}", code(use.flow), plain(use.evidence)), use.where});
    }
  }
  for (const Severity severity : {Severity::Error, Severity::Warning, Severity::Note}) {
    for (const Judgement& each : report.judgements) {
      if (!is_open(each) || each.severity != severity) continue;
      const bool unknown = each.standing == Standing::Undecided;
      const JudgedRule* rule = rule_of(report, each);
      const std::string_view grade = unknown ? "unknown" : to_string(each.severity);
      const bool has_fix = rule != nullptr && !rule->fix.empty();
      decisions.push_back({fmt::format("{} {}: {}", grade, code(each.rule), plain(each.message)),
                           each.where, has_fix ? " → " + plain(rule->fix) : ""});
    }
  }
  return decisions;
}

/// As many of them as there is room for; a link is left out rather than a decision.
std::string decisions(const Report& report, std::size_t room) {
  const std::vector<Decision> all = decisions_of(report);
  if (all.empty()) return {};
  std::string text = report.cluster.empty() ? "\n**Decide before merging**\n\n"
                                            : fmt::format("\n**Decide before merging** ({})\n\n",
                                                          plain(report.cluster));
  const std::size_t most = std::min(all.size(), kMostDecisions);
  const auto line = [&](std::size_t i, bool with_link) {
    return fmt::format("{}. {}\n", i + 1, all[i].text(with_link));
  };
  // What the lines to come take at least.
  std::size_t ahead = all.size() > most ? kMoreLine : 0;
  for (std::size_t i = 0; i < most; ++i) ahead += line(i, false).size();
  std::size_t told = 0;
  for (; told < most; ++told) {
    const std::string bare = line(told, false);
    ahead -= bare.size();
    const std::string full = line(told, true);
    if (text.size() + full.size() + ahead <= room) {
      text += full;
    } else if (text.size() + bare.size() + kMoreLine <= room) {
      text += bare;
    } else {
      break;
    }
  }
  if (told == all.size()) return text;
  return text + fmt::format("\nand {} more: `-o json`\n", all.size() - told);
}

std::string folded(std::string_view title, const std::string& body) {
  return fmt::format("\n<details><summary>{}</summary>\n\n{}\n</details>\n", plain(title), body);
}

std::string fenced(const std::string& text) {
  const std::string fence(std::max<std::size_t>(longest_run(text, '`') + 1, 3), '`');
  return fence + "text\n" + text + (text.ends_with('\n') ? "" : "\n") + fence + "\n";
}

/// Whatever a reader must know that the verdicts do not say.
std::string limits(const Report& report) {
  std::string text = "- coverage: " + plain(coverage_words(report.coverage)) + "\n";
  for (const Origin& origin : report.coverage.origins) {
    if (origin.time.empty()) continue;
    text += fmt::format("- collected at {}: {}\n", plain(origin.time), code(origin.name));
  }
  for (const std::string& sentence : report.assumptions) text += "- " + plain(sentence) + "\n";
  for (const Judgement& each : report.judgements) {
    if (each.standing == Standing::Known) {
      text += fmt::format("- in the baseline: {} {}\n", code(each.rule), plain(each.message));
    }
    if (each.standing != Standing::Waived) continue;
    for (const Waiver& waiver : each.waivers) {
      text += fmt::format("- waived until {}: {} by {}, {}, {}\n", plain(waiver.expires),
                          code(each.rule), plain(waiver.exception), plain(waiver.owner),
                          plain(waiver.ticket));
    }
  }
  return text;
}

std::string footer(std::span<const Report> reports) {
  const Report& first = reports.front();
  std::string text = fmt::format("\n<sub>meshproof {}", first.version);
  if (!first.invocation.empty()) text += " · reproduce: " + code(first.invocation);
  return text + "</sub>\n";
}

/// Details of all clusters, most wanted first.
std::vector<std::string> details(std::span<const Report> reports) {
  std::vector<std::string> all;
  for (const Report& report : reports) {
    const std::string cluster = report.cluster.empty() ? "" : " (" + report.cluster + ")";
    all.push_back(folded("Not checked, assumed, waived" + cluster, limits(report)));
  }
  for (const Report& report : reports) {
    if (!report.change || (reports.size() > 1 && !changes(report))) continue;
    const std::string cluster = report.cluster.empty() ? "" : " (" + report.cluster + ")";
    for (const TextSection& section : report.change->sections) {
      all.push_back(folded(section.title + cluster, fenced(section.text)));
    }
  }
  return all;
}

}  // namespace

std::string comment_markdown(std::span<const Report> reports) {
  if (reports.empty()) return {};
  constexpr std::string_view kLeftOut =
      "\n*More was found than a comment can hold: see `-o json` or `-o table --full`.*\n";
  const std::string foot = footer(reports);
  const std::size_t limit = kMostBytes - foot.size() - kLeftOut.size();
  std::string text = fmt::format("<!-- meshproof:{} -->\n### {} meshproof: {}\n\n",
                                 reports.front().command, sign_of(reports), headline(reports));
  bool is_whole = true;
  const auto add = [&](const std::string& part) {
    const bool fits = text.size() + part.size() <= limit;
    if (fits) text += part;
    is_whole = is_whole && fits;
  };
  add(table(reports));
  for (const Report& report : reports) add(decisions(report, limit - std::min(limit, text.size())));
  for (const std::string& part : details(reports)) add(part);
  return text + (is_whole ? "" : std::string{kLeftOut}) + foot;
}

}  // namespace meshproof
