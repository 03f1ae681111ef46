#include <array>
#include <optional>
#include <utility>

#include "cli/baseline.h"
#include "cli/commands/commands.h"
#include "cli/commands/plan.h"
#include "cli/evidence_files.h"
#include "cli/isolation.h"
#include "cli/recheck_step.h"
#include "cli/reporting.h"
#include "cli/session.h"
#include "cli/steps.h"
#include "model/drift.h"
#include "reports/change_summary.h"
#include "reports/graph_svg.h"
#include "reports/isolation_formats.h"
#include "solver/checks/unknown_names.h"
#include "solver/exceptions.h"
#include "solver/lint/lint.h"
#include "solver/verify.h"

namespace meshproof {
namespace {

void write_report(const IsolationReport& isolation, const Session& session,
                  const WritePiece& write) {
  const Options& options = session.options;
  switch (options.format) {
    case Format::Html:
      return write_isolation_html(isolation, write);
    case Format::Json:
      write(isolation_json(isolation));
      return;
    case Format::Dot:
      write(isolation_graph(isolation).dot);
      return;
    case Format::Svg:
      write(graph_svg(isolation_graph(isolation).dot));
      return;
    case Format::Table:
    case Format::Wide:
    case Format::Csv:
    case Format::Script:
    case Format::Yaml:
    case Format::Report:
      break;
  }
  write(isolation_table(isolation, session.screen.width, options.full));
}

ExitCode finish(Session& session, const Audited& audited, Report report) {
  const ExitCode code = exit_code_of(report);
  if (session.options.report_format != nullptr)
    return finish_report(session, std::move(report), {}, code);
  const IsolationReport isolation = isolation_of(session, audited, report);
  const OwnWriting own = [&](const Report&, const WritePiece& write) {
    write_report(isolation, session, write);
  };
  return finish_report(session, std::move(report), own, code);
}

/// What the rules say of a state, and what the mesh should have written into it.
bool add_findings(Session& session, const Snapshot& state, const Baseline& baseline,
                  Judgements& judgements) {
  const std::string cluster = cluster_name(session, state.coverage);
  session.timing.enter("lint");
  LintReport found = lint(state, lint_options(session.options, predict_options(session.options)));
  mark_known(baseline, cluster, found.findings);
  judgements.add(found.findings);
  judgements.add(found.unjudged);
  session.timing.enter("drift");
  std::optional<Drift> drift = session.take(find_drift(state, predict_options(session.options)));
  if (!drift) return false;
  mark_known(baseline, cluster, drift->departures);
  judgements.add(drift->departures);
  return true;
}

ExitCode report_state(Session& session) {
  std::optional<Snapshot> snapshot = open_snapshot(session);
  const std::optional<Assertions> assertions = open_report_assertions(session);
  const std::optional<Baseline> baseline = open_baseline(session);
  if (!snapshot || !assertions || !baseline || session.has_failed()) return ExitCode::InvalidInput;
  if (session.options.settle) {
    snapshot = settled(session, *snapshot);
    if (!snapshot) return ExitCode::InvalidInput;
  } else {
    warn_of_declared_meshes(session, snapshot->objects);
  }
  session.timing.enter("verify");
  session.add(unknown_names(*assertions, std::array{&*snapshot}));
  EvidenceFiles evidence(session);
  if (!evidence.open()) return ExitCode::OutputFailed;
  VerifyOptions how;
  how.evidence = evidence.sinks();
  std::vector<Verdict> verdicts = verify(*snapshot, *assertions, how);
  const std::vector<RecheckedVerdict> rechecked =
      recheck_verdicts(session, {*snapshot, nullptr, *assertions}, how.evidence, verdicts);
  if (!evidence.close()) return ExitCode::OutputFailed;
  session.add(unused_exceptions(assertions->exceptions, verdicts));
  excuse_empty_defaults(session.options, verdicts);
  mark_known(*baseline, cluster_name(session, snapshot->coverage), verdicts);
  Report report = begin_report(session, "report", snapshot->cluster.network, snapshot->coverage,
                               session.assumptions());
  if (session.options.settle) report.assumptions.emplace_back(kSettled);
  Judgements judgements(report, locator_of(session), first_input(session));
  judgements.add(verdicts, true);
  if (!add_findings(session, *snapshot, *baseline, judgements)) return ExitCode::InvalidInput;
  add_fingerprints(report);
  const Audited audited{*snapshot, nullptr, *assertions, verdicts};
  return tell_disagreements(session, rechecked, finish(session, audited, std::move(report)));
}

/// Of findings those that the change brings: it must not be judged by what was wrong before.
ExitCode report_change(Session& session) {
  EvidenceFiles evidence(session);
  const std::optional<PlannedChange> planned = plan_change(session, &evidence);
  if (evidence.has_failed()) return ExitCode::OutputFailed;
  if (!planned) return ExitCode::InvalidInput;
  if (!evidence.close()) return ExitCode::OutputFailed;
  if (session.has_failed()) return ExitCode::InvalidInput;
  const Plan& plan = planned->plan;
  Report report = report_of(session, plan);
  report.command = "report";
  if (!report.change) {
    report.change = summarize_change(plan, session.sources, locator_of(session));
  }
  const Audited audited{*planned->before, &*planned->after, planned->assertions, plan.verdicts};
  return tell_disagreements(session, plan.rechecked, finish(session, audited, std::move(report)));
}

}  // namespace

ExitCode run_report(Session& session) {
  return has_edit(session.options) ? report_change(session) : report_state(session);
}

}  // namespace meshproof
