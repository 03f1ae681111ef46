#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/html/chapters.h"
#include "reports/html/parts.h"
#include "reports/markup.h"
#include "reports/text.h"

namespace meshproof::html {
namespace {

/// Of one kind of thing: the rest is counted.
constexpr std::size_t kMostRows = 200;

std::string folded(std::string_view summary_markup, std::string_view content_markup,
                   bool is_open = false) {
  return fmt::format("<details{}><summary>{}</summary>\n{}</details>\n", is_open ? " open" : "",
                     summary_markup, content_markup);
}

/// Writes have a number, or none in the group has.
std::string write_table(const WriteGroup& group, std::size_t shown) {
  const bool is_numbered = group.writes.front().number != 0;
  std::string rows;
  for (std::size_t i = 0; i < shown; ++i) {
    const ReportedWrite& write = group.writes[i];
    rows +=
        fmt::format("<tr>{}<th scope=\"row\">{}</th>{}{}</tr>\n",
                    is_numbered ? cell(std::to_string(write.number)) : "", isolated(write.object),
                    cell(markup(write.verb)), cell(isolated(write.detail) + place(write.where)));
  }
  return is_numbered ? table(group.title, {"step", "object", "write", "what changes, or why"}, rows)
                     : table(group.title, {"object", "write", "what changes, or why"}, rows);
}

std::string write_group(const WriteGroup& group) {
  const std::size_t shown = std::min(group.writes.size(), kMostRows);
  std::string text = write_table(group, shown);
  if (shown < group.writes.size()) {
    text += paragraph(
        fmt::format("and {} more: plan --full lists them all", group.writes.size() - shown));
  }
  if (group.alike.empty()) return text;
  return text + folded("and the same for " + counted(group.alike.size(), "other project"),
                       paragraph(fmt::format("{}", fmt::join(group.alike, ", "))));
}

std::string write_section(const ChangeSummary& change) {
  if (change.writes.empty()) return {};
  std::string text = "<h3>What is written, step by step</h3>\n";
  text += paragraph(
      "Writes of a project with the same number have no order among them; projects do not wait for "
      "each other.");
  for (const WriteGroup& each : change.writes) text += write_group(each);
  return text;
}

std::string_view moment_word(const ReportedMoment& moment) {
  return !moment.holds ? "UNKNOWN" : *moment.holds ? "never" : "for a moment";
}
std::string_view moment_css(const ReportedMoment& moment) {
  return !moment.holds ? "undecided" : *moment.holds ? "passed" : "failed";
}

std::string state_rows(const std::vector<std::string>& writes, std::string_view standing) {
  std::string rows;
  for (const std::string& each : writes) rows += row({each, standing});
  return rows;
}

std::string bad_moment(const ReportedMoment& moment) {
  if (moment.story.empty()) return {};
  return folded(
      fmt::format("The worst moment of {}: {}", markup(moment.rule), isolated(moment.question)),
      list(moment.story) + table("The writes in that moment", {"write", "is"},
                                 state_rows(moment.in_effect, "in effect") +
                                     state_rows(moment.pending, "not yet in effect")),
      true);
}

std::string moment_section(const ChangeSummary& change) {
  if (change.moments.empty()) return {};
  std::string rows;
  std::string stories;
  for (const ReportedMoment& each : change.moments) {
    rows +=
        fmt::format("<tr><th scope=\"row\">{}</th><td><b class=\"{}\">{}</b></td>{}</tr>\n",
                    isolated(each.question), moment_css(each), moment_word(each),
                    cell(isolated(each.story.empty() ? each.scope : "see the worst moment below")));
    stories += bad_moment(each);
  }
  return "<h3>On the way</h3>\n" +
         table("While the writes take effect", {"what", "happens", "for which, or until when"},
               rows) +
         stories;
}

std::string hazard_table(std::string_view caption, const std::vector<ReportedHazard>& hazards,
                         bool hits) {
  std::string rows;
  std::size_t count = 0;
  for (const ReportedHazard& each : hazards) {
    if (each.hits != hits || ++count > kMostRows) continue;
    rows += row({each.code, each.way, each.cause, each.left, each.cure});
  }
  std::string text =
      table(caption, {"failure", "where", "cause", "what it leaves", "what heals it"}, rows);
  if (count > kMostRows) text += paragraph(fmt::format("and {} more", count - kMostRows));
  return text;
}

std::string hazard_section(const ChangeSummary& change) {
  if (change.hazards.empty()) return {};
  const auto possible = std::ranges::count(change.hazards, false, &ReportedHazard::hits);
  return "<h3>What can go wrong</h3>\n" +
         hazard_table("Failures that the input shows", change.hazards, true) +
         (possible == 0
              ? std::string{}
              : folded(
                    fmt::format("{} that could happen meanwhile",
                                counted(static_cast<std::size_t>(possible), "failure")),
                    hazard_table("Failures that could happen meanwhile", change.hazards, false)));
}

std::string use_section(const ChangeSummary& change) {
  std::string rows;
  for (const LostUse& use : change.lost_uses) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th>{}{}</tr>\n", isolated(use.flow),
                        cell(isolated(use.evidence)), cell(place(use.where)));
  }
  std::string text =
      table("What is known to be used and closes", {"flow", "what shows its use", "where"}, rows);
  if (!change.keep.empty()) {
    text += paragraph("To keep it: meshproof suggest with this edit and " + change.keep);
  }
  return text;
}

/// Line by line: a page escapes what a line holds, not its end.
std::string text_section(const TextSection& section) {
  std::string lines;
  std::string_view rest = section.text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    lines += markup(rest.substr(0, end)) + "\n";
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return folded(markup(section.title), "<pre>" + lines + "</pre>");
}

}  // namespace

std::string change_chapter(const IsolationReport& isolation) {
  if (!isolation.report.change) return {};
  const ChangeSummary& change = *isolation.report.change;
  std::string text = paragraph(fmt::format("{}", fmt::join(change.edits, ", ")), "headline");
  text += paragraph(fmt::format(
      "{} to create, {} to change, {} to delete. {} lost, {} gained, {} that could not be decided.",
      change.created, change.updated, change.deleted, counted(change.lost, "connection"),
      change.gained, change.undecided));
  text += use_section(change) + moment_section(change) + write_section(change) +
          hazard_section(change) + "<h3>The rest of the plan</h3>\n";
  for (const TextSection& each : change.sections) {
    if (!each.has_values) text += text_section(each);
  }
  if (!change.undo.empty()) text += paragraph("The way back: " + change.undo);
  return text;
}

}  // namespace meshproof::html
