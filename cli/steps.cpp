#include "cli/steps.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "model/edit.h"
#include "model/mesh/roll_edit.h"
#include "model/mesh/settle.h"
#include "model/project.h"
#include "scenarios/assertions.h"
#include "scenarios/change.h"
#include "scenarios/read.h"

namespace meshproof {
namespace {

std::optional<Snapshot> open_files(Session& session, const std::vector<std::string>& paths) {
  const Options& options = session.options;
  session.timing.enter("read");
  auto input = session.take(
      read_inputs(paths, {options.default_namespace}, session.sources, session.diagnostics));
  if (!input) return std::nullopt;
  session.timing.enter("project");
  Snapshot snapshot{std::move(input->objects), std::move(input->coverage), {}};
  snapshot.cluster = project(snapshot.objects, options.network, session.diagnostics);
  return snapshot;
}

}  // namespace

std::optional<Snapshot> open_snapshot(Session& session) {
  return open_files(session, session.options.inputs);
}

std::optional<Snapshot> open_target(Session& session) {
  return open_files(session, session.options.target);
}

std::optional<Assertions> open_assertions(Session& session) {
  session.timing.enter("read");
  return session.take(
      read_assertions(session.options.assertions, session.sources, session.diagnostics));
}

ExitCode exit_code_of(const std::vector<Verdict>& verdicts, std::optional<Severity> fail_on) {
  bool undecided = false;
  for (const Verdict& verdict : verdicts) {
    const bool fails = std::holds_alternative<Violated>(verdict.finding) ||
                       std::holds_alternative<Vacuous>(verdict.finding);
    if (fails && fail_on && verdict.severity >= *fail_on) return ExitCode::Violated;
    undecided = undecided || std::holds_alternative<Undecided>(verdict.finding);
  }
  return undecided ? ExitCode::Inconclusive : ExitCode::Success;
}

}  // namespace meshproof
