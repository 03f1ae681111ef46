#include "solver/verify.h"

#include "cli/commands/commands.h"
#include "cli/session.h"
#include "cli/steps.h"
#include "reports/verdict_report.h"

namespace meshproof {

ExitCode run_verify(Session& session) {
  const std::optional<Snapshot> snapshot = open_snapshot(session);
  const std::optional<Assertions> assertions = open_assertions(session);
  if (!snapshot || !assertions || session.has_failed()) return ExitCode::InvalidInput;

  session.timing.enter("verify");
  const Verification verification{snapshot->cluster.network, snapshot->coverage,
                                  verify(*snapshot, *assertions)};
  session.timing.enter("report");
  const std::string text =
      session.options.format == Format::Json
          ? verification_json(verification, session.sources)
          : verification_table(verification, session.sources, session.screen.width);
  return session.finish(text, exit_code_of(verification.verdicts, session.options.fail_on));
}

}  // namespace meshproof
