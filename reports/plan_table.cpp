#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "reports/drift_report.h"
#include "reports/fold.h"
#include "reports/hazard_report.h"
#include "reports/header.h"
#include "reports/injection_report.h"
#include "reports/lint_report.h"
#include "reports/moment_report.h"
#include "reports/plan_report.h"
#include "reports/plan_steps.h"
#include "reports/route_report.h"
#include "reports/safe_order_report.h"
#include "reports/scope_report.h"
#include "reports/text.h"
#include "reports/used_report.h"
#include "reports/verdict_report.h"

namespace meshproof {
namespace {

struct Page {
  const Plan& plan;
  const Sources& sources;
  std::size_t width;
  bool full;
};

std::string line(const Page& page, const std::string& text, std::size_t indent = 6) {
  return wrapped(text, page.width, indent) + "\n";
}

std::string header(const Page& page) {
  const Plan& plan = page.plan;
  std::string first = "meshproof plan";
  if (!plan.coverage.cluster.name.empty())
    first += " · cluster " + printable(plan.coverage.cluster.name);
  if (const std::string& id = plan.coverage.cluster.id(); !id.empty()) {
    first += fmt::format(" (id {})", printable(id));
  }
  first += " · " + network_words(plan.network);
  std::string second;
  for (const std::string& mesh : plan.meshes) second += printable(mesh) + ", ";
  second += fmt::format("operator {} ({})", printable(plan.prediction.operator_release),
                        printable(plan.prediction.operator_source));
  const std::string coverage = coverage_words(plan.coverage);
  const std::string check = self_check_words(plan.self_check);
  const std::string_view hint =
      plan.self_check.departing.empty() ? "" : " (meshproof drift shows why)";
  const std::string third = check.empty() ? "" : fmt::format(" · {}{}", check, hint);
  if (plan.coverage.is_complete()) {
    return line(page, first, 2) + line(page, second + " · " + coverage + third, 2);
  }
  return line(page, coverage, 2) + line(page, first, 2) + line(page, second + third, 2);
}

std::string outcome_section(const Page& page) {
  const Prediction& prediction = page.plan.prediction;
  std::set<std::string> meshes;
  std::map<std::string, std::size_t> count;  // of the outcomes of a namespace
  for (const Outcome& outcome : prediction.outcomes) {
    meshes.insert(outcome.mesh);
    ++count[outcome.ns];
  }
  std::string text;
  const auto show = [&](const Outcome& outcome, std::string_view indent) {
    std::string words = fmt::format("{}{}{}: {}", indent, printable(outcome.ns),
                                    meshes.size() > 1 ? " in mesh " + printable(outcome.mesh) : "",
                                    to_string(outcome.status));
    if (!outcome.reason.empty()) words += ", " + printable(outcome.reason);
    text += line(page, words);
  };
  const auto is_plain = [](const Outcome& outcome) {
    return outcome.reason.empty() && (outcome.status == Outcome::Status::Configured ||
                                      outcome.status == Outcome::Status::Removed ||
                                      outcome.status == Outcome::Status::Unchanged);
  };
  for (const Outcome& outcome : prediction.outcomes) {
    const bool shown = page.full || !prediction.alternatives.empty() || !is_plain(outcome) ||
                       count[outcome.ns] > 1;
    if (shown) show(outcome, "  ");
  }
  for (const Alternative& alternative : prediction.alternatives) {
    text += line(page, "  or, " + printable(alternative.when) + ":");
    for (const Outcome& outcome : alternative.outcomes) show(outcome, "    ");
  }
  return text.empty() ? "" : "How it ends\n" + text;
}

/// A Route that stands among what is used and lost needs no line of its own.
bool is_told_as_use(const RouteChange& route, const Plan& plan) {
  if (!route.stops || route.partly) return false;
  return std::ranges::any_of(plan.uses.lost, [&](const ChangedUse& use) {
    return std::ranges::any_of(use.signs, [&](const UseSign& sign) {
      return sign.object.kind == route.kind && sign.object.ns == route.ns &&
             sign.object.name == route.name;
    });
  });
}

std::string route_lines(const Page& page, bool stops) {
  std::string text;
  for (const RouteChange& route : page.plan.routes) {
    if (route.stops != stops || is_told_as_use(route, page.plan)) continue;
    std::string words =
        fmt::format("  ! {} {}/{}", route.kind, printable(route.ns), printable(route.name));
    if (!route.host.empty()) words += fmt::format(" \"{}\"", printable(route.host));
    const std::string_view effect = route.some_pods ? "answers only in part"
                                    : route.partly ? (stops ? "loses a backend" : "gains a backend")
                                                   : (stops ? "stops answering" : "answers");
    words += fmt::format(" {}: {} {} {}{}", effect, printable(route.router),
                         stops ? "no longer reaches" : "now reaches", printable(route.workload),
                         route.some_pods ? " between some of their pods" : "");
    if (route.place.is_known()) words += "   " + printable(page.sources.format(route.place, false));
    text += line(page, words);
  }
  return text;
}

std::string access_section(const Page& page, std::string_view title,
                           const ChangedConnections& connections, char sign) {
  const std::string routes = route_lines(page, sign == '-');
  if (connections.empty() && routes.empty()) return {};
  return fmt::format("{} ({})\n", title, counted(connections.count(), "connection")) + routes +
         connection_lines(connections, sign, page.sources, page.width, page.full);
}

std::string finding_section(const Page& page) {
  const std::vector<LintFinding>& findings = page.plan.findings;
  if (findings.empty()) return {};
  return fmt::format("The change brings {} (meshproof lint)\n", severity_counts(findings)) +
         finding_lines(findings, page.sources, page.width, page.full);
}

/// What is used comes first: a join cuts off every outsider by design.
std::string lost_section(const Page& page) {
  const ChangedConnections& lost = page.plan.reachability.lost;
  const std::vector<ChangedUse>& uses = page.plan.uses.lost;
  if (uses.empty()) {
    const std::string_view title =
        page.plan.uses.found == 0 ? "LOSES access" : "LOSES access, no sign of use";
    return access_section(page, title, lost, '-');
  }
  return fmt::format("LOSES access, and is used today ({})\n", uses.size()) +
         used_lines(uses, '-', page.sources, page.width) + route_lines(page, true) +
         unused_lines(without_used(lost, uses), '-', page.sources, page.width, page.full);
}

std::string notice_section(const Page& page) {
  std::string text;
  for (const std::string& notice : page.plan.notices) {
    text += line(page, "  · " + printable(notice), 4);
  }
  return text.empty() ? "" : "Stays as it was, and worth knowing\n" + text;
}

std::string closing(const Page& page) {
  std::string text;
  if (page.plan.was_asked) {
    text += "After the change\n" +
            verdict_lines(page.plan.verdicts, page.sources, page.width, page.full) +
            recheck_lines(page.plan.rechecked, page.width);
  } else {
    text += line(page,
                 "nothing was asked: with --assert none nothing is checked (--assert FILE, "
                 "--assert builtin:tenancy)",
                 2);
  }
  if (const std::string keep = keep_words(page.plan.uses.lost); !keep.empty()) {
    text += line(page, "keep    meshproof suggest with this edit and " + printable(keep), 8);
  }
  if (!page.plan.undo.empty()) text += line(page, "undo    " + printable(page.plan.undo), 8);
  return text;
}

}  // namespace

std::vector<TextSection> plan_sections(const Plan& plan, const Sources& sources, std::size_t width,
                                       bool full) {
  const Page page{plan, sources, width, full};
  const bool changes_nothing = plan.reachability.lost.empty() && plan.reachability.gained.empty();
  std::vector<TextSection> sections{
      {"What is planned", header(page)},
      {"What the mesh writes", step_sections(plan, sources, width, full), true},
      {"How it ends", outcome_section(page)},
      {"What control planes watch", scope_lines(plan.scopes, width, full)},
      {"What can go wrong", hazard_lines(plan.hazards, width, full), true},
      {"The worst moment on the way", moment_lines(plan, width), true},
      {"Who loses access", lost_section(page)},
      {"Who gains access", access_section(page, "GAINS access", plan.reachability.gained, '+')},
      {"Who loses or gains access",
       changes_nothing ? "Nobody loses access, nobody gains access\n" : ""},
      {"What could not be decided", undecided_lines(plan.reachability.undecided, width, full)},
      {"Routes", route_section(plan, sources, width)},
      {"Findings that the change brings", finding_section(page), true},
      {"Pods and their sidecars", injection_lines(plan, sources, width, full)},
      {"What stays as it was", notice_section(page)},
      {"Assumptions", assumption_lines(plan.prediction.assumptions, width), true},
      {"A safe order", plan.safe_order ? safe_order_section(*plan.safe_order, width, full) : ""},
      {"After the change", closing(page), true}};
  std::erase_if(sections, [](const TextSection& each) { return each.text.empty(); });
  return sections;
}

std::string plan_table(const Plan& plan, const Sources& sources, std::size_t width, bool full) {
  std::string text;
  for (const TextSection& section : plan_sections(plan, sources, width, full)) {
    text += (text.empty() ? "" : "\n") + section.text;
  }
  return text;
}

}  // namespace meshproof
