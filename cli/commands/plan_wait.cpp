#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "backends/apply/preflight.h"
#include "backends/apply/waiting.h"
#include "backends/sha256.h"
#include "cli/commands/commands.h"
#include "cli/open_cluster.h"
#include "cli/session.h"
#include "reports/execution_report.h"
#include "scenarios/execution.h"

namespace meshproof {
namespace {

constexpr unsigned kPatience = 120;

/// What is still missing when the time is over.
ExecutionRun waited(const std::optional<Trouble>& trouble) {
  ExecutionRun run;
  if (!trouble) {
    run.end = ExecutionEnd::After;
    return run;
  }
  run.because = trouble->because;
  run.mismatches = trouble->mismatches;
  return run;
}

std::vector<ExecutionStage> stages_until(const Execution& execution, const Options& options) {
  std::vector<ExecutionStage> stages = execution.stages;
  if (options.stage && *options.stage < stages.size()) stages.resize(*options.stage);
  return stages;
}

}  // namespace

ExitCode run_plan_wait(Session& session) {
  session.timing.enter("read");
  const Options& options = session.options;
  const std::optional<Execution> execution =
      session.take(read_execution(options.words.front(), sha256, session.sources));
  if (!execution) return ExitCode::InvalidInput;
  const std::unique_ptr<LiveCluster> cluster = open_cluster(session);
  if (cluster == nullptr) return ExitCode::OutputFailed;
  session.add(check_cluster(*execution, *cluster));
  if (session.has_failed()) return ExitCode::OutputFailed;
  session.timing.enter("watch");
  Answer<LiveState> live = LiveState::open(*cluster, *execution);
  if (!live) {
    add_cluster_error(session, *cluster, live.error());
    return ExitCode::OutputFailed;
  }
  session.timing.enter("wait");
  const WaitLimits limits{std::chrono::seconds(options.patience.value_or(kPatience)), {}};
  const ExecutionRun run = waited(wait_for_effects(
      *live, system_clock(), limits, effects_of(stages_until(*execution, options), options.via)));
  const ExitCode code = run.end == ExecutionEnd::After ? ExitCode::Success : ExitCode::Violated;
  if (options.format == Format::Json) {
    return session.finish(run_json(*execution, run, options.via), code);
  }
  return session.finish(wait_table(run, session.screen.width), code);
}

}  // namespace meshproof
