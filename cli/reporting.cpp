#include "cli/reporting.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/baseline.h"
#include "cli/source_locator.h"
#include "reports/change_summary.h"
#include "reports/report_formats.h"

namespace meshproof {

std::string cluster_name(const Session& session, const Coverage& coverage) {
  return session.options.cluster.empty() ? coverage.cluster.name : session.options.cluster;
}

Report begin_report(const Session& session, std::string command, const Network& network,
                    const Coverage& coverage, std::vector<std::string> assumptions) {
  return {.cluster = cluster_name(session, coverage),
          .command = std::move(command),
          .version = MESHPROOF_VERSION,
          .invocation = session.options.invocation,
          .fail_on = session.options.fail_on,
          .network = network,
          .coverage = coverage,
          .rules = {},
          .judgements = {},
          .assumptions = std::move(assumptions),
          .change = {}};
}

Locate locator_of(const Session& session) {
  const Options& options = session.options;
  const auto locator = std::make_shared<const SourceLocator>(session.sources, options.source_root,
                                                             options.source_url);
  return [locator](const Place& place) { return (*locator)(place); };
}

SourceLine first_input(const Session& session) {
  const auto& inputs = session.options.inputs;
  if (inputs.empty()) return {};
  return with_address({inputs.front()}, session.options.source_url);
}

void add_fingerprints(Report& report) {
  for (Judgement& each : report.judgements) each.fingerprint = fingerprint_of(each.identity);
}

Report report_of(const Session& session, const Verification& verification) {
  Report report = begin_report(session, "verify", verification.network, verification.coverage,
                               verification.assumptions);
  Judgements judgements(report, locator_of(session), first_input(session));
  judgements.add(verification.verdicts, true);
  add_fingerprints(report);
  return report;
}

namespace {

/// Tells what was collected from a cluster: no edit of a repository changes a line of it.
std::function<bool(const Place&)> collected_inputs(const Session& session,
                                                   const Coverage& coverage) {
  std::vector<std::string> names;
  for (const Origin& origin : coverage.origins) {
    if (origin.form != OriginForm::Manifests) names.push_back(origin.name);
  }
  return [&sources = session.sources, names = std::move(names)](const Place& place) {
    const std::string_view file = sources.name(place.file);
    return std::ranges::any_of(names, [&](const std::string& name) {
      const std::string_view inside = file.substr(std::min(name.size(), file.size()));
      return file.starts_with(name) && (inside.empty() || name.ends_with('/') ||
                                        inside.front() == '/' || inside.front() == '!');
    });
  };
}

}  // namespace

Report report_of(const Session& session, const Plan& plan) {
  Report report =
      begin_report(session, "plan", plan.network, plan.coverage, plan.prediction.assumptions);
  const Locate locate = locator_of(session);
  const Place edited = edit_place(plan);
  const auto is_collected = collected_inputs(session, plan.coverage);
  SourceLine edit = locate(edited);
  if (!edit.is_known()) edit = first_input(session);
  // An edit that is told by --join stands in no file: then the line that decides says more.
  const bool has_file = edited.is_known() && !is_collected(edited);
  Judgements judgements(report, locate, std::move(edit), has_file ? is_collected : nullptr);
  judgements.add(plan.verdicts);
  judgements.add(plan.findings);
  judgements.add(plan.moments, plan.stages);
  if (plan.safe_order) judgements.add(*plan.safe_order);
  add_fingerprints(report);
  const Options& options = session.options;
  const bool is_shown = options.report_format != nullptr || !options.also.empty();
  if (is_shown) report.change = summarize_change(plan, session.sources, locate);
  return report;
}

ExitCode exit_code_of(const Report& report) {
  const auto& judgements = report.judgements;
  if (std::ranges::any_of(judgements, [&](const Judgement& each) { return counts(report, each); }))
    return ExitCode::Violated;
  const bool is_open = std::ranges::any_of(judgements, [](const Judgement& each) {
    return each.standing == Standing::Undecided && each.kind != JudgementKind::Moment;
  });
  return is_open ? ExitCode::Inconclusive : ExitCode::Success;
}

ExitCode exit_code_of(const std::vector<Verdict>& verdicts, std::optional<Severity> fail_on) {
  Report report;
  report.fail_on = fail_on;
  Judgements(report, [](const Place&) { return SourceLine{}; }, {}).add(verdicts);
  return exit_code_of(report);
}

bool write_also(Session& session, std::span<const Report> reports) {
  if (session.has_failed()) return true;
  return std::ranges::all_of(session.options.also, [&](const ExtraResult& extra) {
    return session.write_file(extra.file, extra.format->write(reports));
  });
}

ExitCode finish_report(Session& session, Report report, const OwnWriting& own, ExitCode code,
                       bool is_shown) {
  const ReportFormat* format = session.options.report_format;
  if (format != nullptr && session.collects_reports()) {
    return session.collect(std::move(report), code);
  }
  if (!write_also(session, std::span<const Report>(&report, 1))) return ExitCode::OutputFailed;
  const Writing writing = [&](const WritePiece& write) {
    if (format == nullptr) return own(report, write);
    write(format->write(std::span<const Report>(&report, 1)));
  };
  return is_shown ? session.show(writing, code) : session.finish(writing, code);
}

}  // namespace meshproof
