#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/header.h"
#include "reports/isolation_formats.h"
#include "reports/matrix_groups.h"
#include "reports/report_words.h"
#include "reports/text.h"

namespace meshproof {
namespace {

constexpr std::size_t kShown = 10;

struct Page {
  const IsolationReport& isolation;
  std::size_t width;
  bool full;

  [[nodiscard]] std::string line(const std::string& text, std::size_t indent) const {
    return wrapped(text, width, indent) + "\n";
  }
};

std::string header(const Page& page) {
  const Report& report = page.isolation.report;
  std::string first = "meshproof report";
  if (!report.cluster.empty()) first += " · cluster " + printable(report.cluster);
  first +=
      fmt::format(" · {} · {}", network_words(report.network), coverage_words(report.coverage));
  return page.line(first, 2) + page.line(statement_counts(report), 2);
}

std::string judgement_line(const Page& page, const Judgement& judgement) {
  std::string text = fmt::format("  {:<7} {}: {}", standing_word(judgement),
                                 printable(judgement.rule), printable(judgement.message));
  if (judgement.standing != Standing::Passed && judgement.where.line != 0) {
    text += "   " + printable(to_string(judgement.where, false));
  }
  return page.line(text, 10);
}

/// Statements, or everything else that did not pass.
std::string judgement_section(const Page& page, std::string_view title, bool of_statements) {
  std::string text;
  std::size_t count = 0;
  for (const Judgement& each : page.isolation.report.judgements) {
    const bool is_statement = each.kind == JudgementKind::Statement;
    if (is_statement != of_statements) continue;
    if (!is_statement && each.standing == Standing::Passed) continue;
    if (page.full || ++count <= kShown) text += judgement_line(page, each);
  }
  if (text.empty()) return {};
  if (!page.full && count > kShown) text += fmt::format("  and {} more: --full\n", count - kShown);
  return fmt::format("\n{}\n", title) + text;
}

std::string mesh_section(const Page& page) {
  std::string text;
  for (const ReportedMesh& mesh : page.isolation.meshes) {
    std::vector<std::string> names;
    for (const ReportedMember& member : mesh.members) {
      names.push_back(member.standing == "member"
                          ? printable(member.ns)
                          : fmt::format("{} ({})", printable(member.ns), member.standing));
    }
    const std::size_t all = names.size();
    if (!page.full && all > kShown) {
      names.resize(kShown);
      names.push_back(fmt::format("and {} more", all - kShown));
    }
    const std::string name = mesh.name.empty()
                                 ? printable(mesh.ns) + " (no control plane)"
                                 : fmt::format("{}/{} {}", printable(mesh.ns), printable(mesh.name),
                                               printable(mesh.version));
    text += page.line(
        fmt::format("  {}: {}", name,
                    names.empty() ? "no member" : fmt::format("{}", fmt::join(names, ", "))),
        6);
  }
  return "\nMeshes and members\n" + (text.empty() ? "  none\n" : text);
}

std::string matrix_section(const Page& page) {
  const ReportedMatrix& judged = page.isolation.judged();
  std::string text;
  const auto cells = group_cells(judged);
  for (std::size_t src = 0; src < cells.size(); ++src) {
    for (std::size_t dst = 0; dst < cells.size(); ++dst) {
      if (cells[src][dst].pairs == 0) continue;
      text +=
          page.line(fmt::format("  {} → {}   {}", printable(judged.groups[src]),
                                printable(judged.groups[dst]), group_cell_words(cells[src][dst])),
                    6);
    }
  }
  if (text.empty()) return {};
  return "\nWho reaches whom, by groups of projects (pairs of projects)\n" + text;
}

std::string change_section(const Page& page) {
  const Report& report = page.isolation.report;
  if (!report.change) return {};
  const ChangeSummary& change = *report.change;
  std::vector<std::string> edits;
  for (const std::string& each : change.edits) edits.push_back(printable(each));
  std::string text =
      page.line(fmt::format("  {}", fmt::join(edits, ", ")), 4) +
      page.line(fmt::format("  {} to create, {} to change, {} to delete", change.created,
                            change.updated, change.deleted),
                4) +
      page.line(fmt::format("  {} lost, {} gained, {} not known",
                            counted(change.lost, "connection"), change.gained, change.undecided),
                4);
  for (const LostUse& use : change.lost_uses) {
    text += page.line(fmt::format("  ! used today and closed: {} ({})", printable(use.flow),
                                  printable(use.evidence)),
                      6);
  }
  for (const ReportedMoment& moment : change.moments) {
    if (moment.holds == true) continue;
    const std::string_view word = moment.holds ? "! for a moment" : "? perhaps for a moment";
    text += page.line(fmt::format("  {} {}", word, moment.question), 6);
  }
  for (const ReportedHazard& hazard : change.hazards) {
    if (!hazard.hits) continue;
    text += page.line(fmt::format("  ! {}: {}", printable(hazard.way), printable(hazard.cause)), 6);
  }
  return "\nThe change (meshproof plan shows it whole)\n" + text;
}

std::string list_section(const Page& page, std::string_view title,
                         const std::vector<std::string>& sentences) {
  if (sentences.empty()) return {};
  std::string text = fmt::format("\n{}\n", title);
  for (const std::string& each : sentences) text += page.line("  · " + printable(each), 4);
  return text;
}

}  // namespace

std::string isolation_table(const IsolationReport& isolation, std::size_t width, bool full) {
  const Page page{isolation, width, full};
  return header(page) + judgement_section(page, "Verdicts", true) + change_section(page) +
         mesh_section(page) + matrix_section(page) + judgement_section(page, "Findings", false) +
         list_section(page, "What this report does not show", isolation.residual_risks) +
         list_section(page, "What is assumed, or not modelled", isolation.report.assumptions);
}

}  // namespace meshproof
