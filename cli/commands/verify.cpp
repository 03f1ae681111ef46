#include "cli/commands/verify.h"

#include <array>
#include <utility>

#include "cli/commands/commands.h"
#include "cli/evidence_files.h"
#include "cli/recheck_step.h"
#include "cli/session.h"
#include "cli/steps.h"
#include "model/mesh/settle.h"
#include "reports/verdict_report.h"
#include "solver/checks/unknown_names.h"
#include "solver/exceptions.h"

namespace meshproof {
namespace {

/// Whoever verifies a repository may expect what `plan` does: the mesh's own objects put in.
void warn_of_declared_meshes(Session& session, const ObjectStore& objects) {
  for (const ObjectKey& plane : declared_planes(objects)) {
    session.add({{objects.find(plane)->place(),
                  Severity::Warning,
                  "mesh-judged-as-given",
                  to_string(plane) +
                      " has no status: the state is judged as given, without what the operator "
                      "would write; plan predicts that",
                  {},
                  to_string(plane)}});
  }
}

}  // namespace

ExitCode run_verify(Session& session) { return verify_with(session, {}); }

ExitCode verify_with(Session& session, VerifySeams seams) {
  const std::optional<Snapshot> snapshot = open_snapshot(session);
  const std::optional<Assertions> assertions = open_assertions(session);
  if (!snapshot || !assertions || session.has_failed()) return ExitCode::InvalidInput;

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
  const Verification verification{snapshot->cluster.network, snapshot->coverage,
                                  std::move(verdicts), session.assumptions(), std::move(rechecked)};
  session.add(unused_exceptions(assertions->exceptions, verification.verdicts));
  if (!evidence.close()) return ExitCode::OutputFailed;
  session.timing.enter("report");
  const std::string text = session.options.format == Format::Json
                               ? verification_json(verification, session.sources)
                               : verification_table(verification, session.sources,
                                                    session.screen.width, session.options.full);
  const ExitCode code =
      session.finish(text, exit_code_of(verification.verdicts, session.options.fail_on));
  return tell_disagreements(session, verification.rechecked, code);
}

}  // namespace meshproof
