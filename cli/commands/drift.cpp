#include "model/drift.h"

#include <algorithm>

#include "cli/commands/commands.h"
#include "cli/session.h"
#include "cli/steps.h"
#include "reports/drift_report.h"

namespace meshproof {

ExitCode run_drift(Session& session) {
  const Options& options = session.options;
  const std::optional<Snapshot> snapshot = open_snapshot(session);
  if (!snapshot || session.has_failed()) return ExitCode::InvalidInput;

  session.timing.enter("drift");
  std::optional<Drift> drift = session.take(find_drift(*snapshot, predict_options(options)));
  if (!drift) return ExitCode::InvalidInput;
  session.add(drift->diagnostics);
  for (std::string& sentence : session.assumptions()) {
    drift->assumptions.push_back(std::move(sentence));
  }
  const bool fails = std::ranges::any_of(drift->departures, [&](const Departure& departure) {
    return options.fail_on && departure.severity >= *options.fail_on;
  });
  const DriftReport report{snapshot->cluster.network, snapshot->coverage, std::move(*drift)};
  session.timing.enter("report");
  const std::string text =
      options.format == Format::Json
          ? drift_json(report, session.sources)
          : drift_table(report, session.sources, session.screen.width, options.full);
  return session.finish(text, fails ? ExitCode::Violated : ExitCode::Success);
}

}  // namespace meshproof
