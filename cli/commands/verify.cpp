#include "cli/commands/verify.h"

#include <array>
#include <utility>

#include "cli/baseline.h"
#include "cli/commands/commands.h"
#include "cli/evidence_files.h"
#include "cli/recheck_step.h"
#include "cli/reporting.h"
#include "cli/session.h"
#include "cli/steps.h"
#include "reports/verdict_report.h"
#include "solver/checks/unknown_names.h"
#include "solver/exceptions.h"

namespace meshproof {
ExitCode run_verify(Session& session) { return verify_with(session, {}); }

ExitCode verify_with(Session& session, VerifySeams seams) {
  const std::optional<Snapshot> snapshot = open_snapshot(session);
  const std::optional<Assertions> assertions = open_assertions(session);
  const std::optional<Baseline> baseline = open_baseline(session);
  if (!snapshot || !assertions || !baseline || session.has_failed()) return ExitCode::InvalidInput;

  EvidenceFiles evidence(session);
  if (!evidence.open()) return ExitCode::OutputFailed;
  warn_of_declared_meshes(session, snapshot->objects);
  session.timing.enter("verify");
  session.add(unknown_names(*assertions, std::array{&*snapshot}));
  VerifyOptions how = std::move(seams.verify);
  how.evidence = evidence.sinks();
  how.progress = [&](std::size_t done, std::size_t all) {
    session.count({.done = done, .total = all, .unit = "statements"});
  };
  std::vector<Verdict> verdicts = verify(*snapshot, *assertions, how);
  std::vector<RecheckedVerdict> rechecked = recheck_verdicts(
      session, {*snapshot, nullptr, *assertions}, how.evidence, verdicts, seams.recheck);
  mark_known(*baseline, cluster_name(session, snapshot->coverage), verdicts);
  const Verification verification{snapshot->cluster.network, snapshot->coverage,
                                  std::move(verdicts), session.assumptions(), std::move(rechecked)};
  session.add(unused_exceptions(assertions->exceptions, verification.verdicts));
  if (!evidence.close()) return ExitCode::OutputFailed;
  session.timing.enter("report");
  const OwnWriting own = [&](const Report& report, const WritePiece& write) {
    write(session.options.format == Format::Json
              ? verification_json(verification, report.judgements, session.sources)
              : verification_table(verification, session.sources, session.screen.width,
                                   session.options.full));
  };
  Report report = report_of(session, verification);
  const ExitCode judged = exit_code_of(report);
  const ExitCode code = finish_report(session, std::move(report), own, judged);
  return tell_disagreements(session, verification.rechecked, code);
}

}  // namespace meshproof
