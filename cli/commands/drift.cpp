#include "model/drift.h"

#include <utility>

#include "cli/baseline.h"
#include "cli/commands/commands.h"
#include "cli/reporting.h"
#include "cli/session.h"
#include "cli/steps.h"
#include "reports/drift_report.h"

namespace meshproof {
namespace {

Report report_of(const Session& session, const DriftReport& result) {
  Report report =
      begin_report(session, "drift", result.network, result.coverage, result.drift.assumptions);
  Judgements judgements(report, locator_of(session), first_input(session));
  judgements.add(result.drift.departures);
  add_fingerprints(report);
  return report;
}

}  // namespace

ExitCode run_drift(Session& session) {
  const Options& options = session.options;
  const std::optional<Snapshot> snapshot = open_snapshot(session);
  const std::optional<Baseline> baseline = open_baseline(session);
  if (!snapshot || !baseline || session.has_failed()) return ExitCode::InvalidInput;

  session.timing.enter("drift");
  std::optional<Drift> drift = session.take(find_drift(*snapshot, predict_options(options)));
  if (!drift) return ExitCode::InvalidInput;
  session.add(drift->diagnostics);
  for (std::string& sentence : session.assumptions()) {
    drift->assumptions.push_back(std::move(sentence));
  }
  mark_known(*baseline, cluster_name(session, snapshot->coverage), drift->departures);
  const DriftReport result{snapshot->cluster.network, snapshot->coverage, std::move(*drift)};
  session.timing.enter("report");
  const OwnWriting own = [&](const Report& report, const WritePiece& write) {
    write(options.format == Format::Json
              ? drift_json(result, report.judgements, session.sources)
              : drift_table(result, session.sources, session.screen.width, options.full));
  };
  Report report = report_of(session, result);
  const ExitCode code = exit_code_of(report);
  return finish_report(session, std::move(report), own, code);
}

}  // namespace meshproof
