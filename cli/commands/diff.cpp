#include <optional>

#include "cli/commands/commands.h"
#include "cli/session.h"
#include "cli/steps.h"
#include "model/project.h"
#include "reports/diff_report.h"
#include "solver/reachability.h"

namespace meshproof {
namespace {

/// The other state: the files of --to, or the same objects under --dialect-to.
std::optional<Snapshot> open_other(Session& session, const std::optional<Snapshot>& before) {
  if (!session.options.target_dialect) return open_target(session);
  if (!before) return std::nullopt;
  NetworkOptions network = session.options.network;
  network.dialect = session.options.target_dialect;
  Snapshot other{before->objects, before->coverage, {}};
  other.cluster = project(other.objects, network, session.diagnostics);
  return other;
}

}  // namespace

ExitCode run_diff(Session& session) {
  const std::optional<Snapshot> before = open_snapshot(session);
  const std::optional<Snapshot> after = open_other(session, before);
  if (!before || !after || session.has_failed()) return ExitCode::InvalidInput;

  session.timing.enter("reach");
  const Difference difference{before->cluster.network, after->cluster.network, before->coverage,
                              compare(*before, *after), session.assumptions()};
  session.timing.enter("report");
  const Options& options = session.options;
  const std::string text =
      options.format == Format::Json
          ? diff_json(difference, session.sources)
          : diff_table(difference, session.sources, session.screen.width, options.full);
  const bool differs = !difference.change.gained.empty() || !difference.change.lost.empty();
  ExitCode code = difference.change.undecided.empty() ? ExitCode::Success : ExitCode::Inconclusive;
  if (options.exit_code && differs) code = ExitCode::Violated;
  return session.finish(text, code);
}

}  // namespace meshproof
