#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "reports/markup.h"
#include "reports/report_formats.h"

namespace meshproof {
namespace {

/// What a test case says beside its name.
struct CaseBody {
  std::string_view element;  ///< empty: it passed without a word
  std::string message;
};

CaseBody body_of(const Report& report, const Judgement& judgement) {
  switch (judgement.standing) {
    case Standing::Passed:
      return {"", {}};
    case Standing::Undecided:
      // Of moments nobody has asked.
      return {judgement.kind == JudgementKind::Moment ? "system-out" : "error", judgement.message};
    case Standing::Waived:
      return {"skipped", fmt::format("waived by {} until {}: {}",
                                     judgement.waivers.empty() ? "an exception"
                                                               : judgement.waivers[0].exception,
                                     judgement.waivers.empty() ? "?" : judgement.waivers[0].expires,
                                     judgement.message)};
    case Standing::Known:
      return {"skipped", "in the baseline: " + judgement.message};
    case Standing::Failed:
      break;
  }
  return {counts(report, judgement) ? "failure" : "system-out", judgement.message};
}

/// As markup, a line for each thing that shows it; what is in the names makes no lines of its own.
std::string evidence_text(const Judgement& judgement) {
  const std::string first = to_string(judgement.where, false);
  std::string text = markup(first);
  for (const Evidence& each : judgement.flow) {
    const std::string place = to_string(each.where, false);
    const std::string where = place == first || place.empty() ? "" : "   " + place;
    text += "\n  " + markup(each.text + where);
  }
  return text;
}

std::string case_text(const Report& report, const Judgement& judgement) {
  const std::string name =
      judgement.subject.empty() ? judgement.rule : judgement.rule + ": " + judgement.subject;
  const std::string head =
      fmt::format(R"(    <testcase classname="meshproof.{}" name="{}" time="0")",
                  markup(judgement.phase), markup(name));
  const CaseBody body = body_of(report, judgement);
  if (body.element.empty()) return head + "/>\n";
  if (body.element == "skipped") {
    return head +
           fmt::format(">\n      <skipped>{}</skipped>\n    </testcase>\n", markup(body.message));
  }
  const std::string evidence = evidence_text(judgement);
  if (body.element == "system-out") {
    return head + fmt::format(">\n      <system-out>{}: {}\n{}</system-out>\n    </testcase>\n",
                              to_string(judgement.severity), markup(body.message), evidence);
  }
  return head +
         fmt::format(">\n      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n    </testcase>\n",
                     body.element, to_string(judgement.severity), markup(body.message), evidence);
}

/// How many cases of a suite came out how.
struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;

  void add(std::string_view element) {
    ++tests;
    if (element == "failure") ++failures;
    if (element == "error") ++errors;
    if (element == "skipped") ++skipped;
  }
};

std::vector<std::string> phases_of(const Report& report) {
  std::vector<std::string> phases;
  for (const Judgement& each : report.judgements) {
    if (std::ranges::find(phases, each.phase) == phases.end()) phases.push_back(each.phase);
  }
  return phases;
}

std::string suite_text(const Report& report, const std::string& phase) {
  Counts counts;
  std::string cases;
  for (const Judgement& each : report.judgements) {
    if (each.phase != phase) continue;
    counts.add(body_of(report, each).element);
    cases += case_text(report, each);
  }
  const std::string name =
      (report.cluster.empty() ? "" : report.cluster + ": ") + report.command + ", " + phase;
  return fmt::format(
             R"(  <testsuite name="{}" tests="{}" failures="{}" errors="{}" skipped="{}" time="0">)",
             markup(name), counts.tests, counts.failures, counts.errors, counts.skipped) +
         "\n" + cases + "  </testsuite>\n";
}

/// A reader of JUnit takes a file without a test for a run that went wrong.
std::string empty_suite(const Report& report) {
  const std::string name = (report.cluster.empty() ? "" : report.cluster + ": ") + report.command;
  return fmt::format(
      "  <testsuite name=\"{0}\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" "
      "time=\"0\">\n"
      "    <testcase classname=\"meshproof\" name=\"nothing found\" time=\"0\"/>\n"
      "  </testsuite>\n",
      markup(name));
}

}  // namespace

std::string junit(std::span<const Report> reports) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"meshproof\">\n";
  for (const Report& report : reports) {
    for (const std::string& phase : phases_of(report)) text += suite_text(report, phase);
    if (report.judgements.empty()) text += empty_suite(report);
  }
  return text + "</testsuites>\n";
}

}  // namespace meshproof
