#include "cli/commands/plan.h"

#include <string>
#include <string_view>
#include <utility>

#include "cli/baseline.h"
#include "cli/commands/commands.h"
#include "cli/make_plan.h"
#include "cli/outcomes.h"
#include "cli/plan_execution.h"
#include "cli/recheck_step.h"
#include "cli/reporting.h"
#include "cli/safe_plan.h"
#include "cli/steps.h"
#include "model/drift.h"
#include "model/hazard.h"
#include "model/mesh/injection_change.h"
#include "model/prediction.h"
#include "reports/plan_report.h"
#include "reports/state_json.h"
#include "solver/verify.h"

namespace meshproof {

std::optional<PredictedChange> predict_change(Session& session, const Snapshot& input,
                                              const Change& change) {
  session.timing.enter("predict");
  std::optional<Prediction> prediction =
      session.take(predict(input, change, predict_options(session.options)));
  if (!prediction) return std::nullopt;
  complete_outcomes(*prediction);
  session.add(prediction->diagnostics);
  auto before =
      std::make_unique<const Snapshot>(project_prediction(session, prediction->before, input));
  auto after =
      std::make_unique<const Snapshot>(project_prediction(session, prediction->after, *before));
  return PredictedChange{std::move(before), std::move(after), std::move(*prediction)};
}

std::optional<PlannedChange> plan_change(Session& session, EvidenceFiles* evidence,
                                         bool for_apply) {
  const Options& options = session.options;
  std::optional<Snapshot> input = open_snapshot(session);
  const std::optional<Assertions> assertions = open_plan_assertions(session);
  const std::optional<ObservedFlows> flows = open_flows(session);
  const std::optional<Baseline> baseline = open_baseline(session);
  const std::optional<Change> change = open_change(session, input);
  if (!input || !assertions || !flows || !baseline || !change || session.has_failed())
    return std::nullopt;

  if (options.settle) input = settled(session, *input);
  if (!input) return std::nullopt;
  std::optional<PredictedChange> predicted = predict_change(session, *input, *change);
  if (!predicted || session.has_failed()) return std::nullopt;
  if (evidence != nullptr && !evidence->open()) return std::nullopt;
  auto& [before, after, prediction] = *predicted;

  PredictOptions told = predict_options(options);
  told.operator_version = prediction.operator_version;
  session.timing.enter("hazards");
  std::vector<Hazard> hazards = find_hazards(prediction, *change, told);
  Plan plan = make_plan(session, *before, *after, std::move(prediction));
  plan.hazards = std::move(hazards);
  if (options.settle) plan.prediction.assumptions.emplace_back(kSettled);
  session.timing.enter("lint");
  const LintOptions rules = lint_options(options, told);
  plan.findings = new_findings(lint(*before, rules), lint(*after, rules));
  session.timing.enter("injection");
  auto injection = session.take(injection_changes(*before, *after, plan.prediction, told));
  if (injection) plan.injection = std::move(*injection);
  session.timing.enter("check");
  if (const auto check = check_members(*input, told)) plan.self_check = *check;
  if (options.safe) add_safe_order(session, {*before, *after, *change, told}, plan);
  const EvidenceSinks sinks = evidence == nullptr ? EvidenceSinks{} : evidence->sinks();
  judge_plan(session, {*before, *after, *assertions, *flows, sinks}, plan);
  const std::string cluster = cluster_name(session, plan.coverage);
  mark_known(*baseline, cluster, plan.verdicts);
  mark_known(*baseline, cluster, plan.findings);
  std::optional<Execution> execution;
  if (for_apply) {
    execution = execution_of(session, {*input, *before, *after, told}, plan);
  }
  return PlannedChange{std::move(before), std::move(after), std::move(plan), *assertions,
                       std::move(execution)};
}

namespace {

std::string text_of(const Plan& plan, const Session& session) {
  if (session.options.format == Format::Script) return plan_script(plan);
  return plan_table(plan, session.sources, session.screen.width, session.options.full);
}

/// Writes --state-out, --out (always the JSON contract) and the result; returns the exit code.
ExitCode write_plan(Session& session, const PlannedChange& planned, const OwnWriting& own) {
  const Plan& plan = planned.plan;
  session.timing.enter("write");
  const Options& options = session.options;
  if (!options.state_file.empty() &&
      !session.write_file(options.state_file, state_json(plan.prediction.after, plan.coverage))) {
    return ExitCode::OutputFailed;
  }
  Report report = report_of(session, plan);
  const Writing json = [&](const WritePiece& write) {
    write_plan_json(plan, report.judgements, session.sources, write,
                    planned.execution ? &*planned.execution : nullptr);
  };
  if (!options.out_file.empty() && !session.write_file(options.out_file, json)) {
    return ExitCode::OutputFailed;
  }
  const ExitCode code = exit_code_of(report);
  return finish_report(session, std::move(report), own, code, true);
}

}  // namespace

ExitCode run_plan(Session& session) {
  EvidenceFiles evidence(session);
  const std::optional<PlannedChange> planned =
      plan_change(session, &evidence, !session.options.out_file.empty());
  if (evidence.has_failed()) return ExitCode::OutputFailed;
  if (!planned) return ExitCode::InvalidInput;
  if (!evidence.close()) return ExitCode::OutputFailed;
  if (session.has_failed()) return ExitCode::InvalidInput;
  const Plan& plan = planned->plan;
  const OwnWriting own = [&](const Report& report, const WritePiece& write) {
    session.timing.enter("report");
    if (session.options.format == Format::Json) {
      write_plan_json(plan, report.judgements, session.sources, write);
    } else {
      write(text_of(plan, session));
    }
    session.timing.enter("write");
  };
  const ExitCode code = write_plan(session, *planned, own);
  return tell_disagreements(session, plan.rechecked, code);
}

}  // namespace meshproof
