#include "cli/commands/plan.h"

#include <string>
#include <utility>

#include "cli/commands/commands.h"
#include "cli/make_plan.h"
#include "cli/outcomes.h"
#include "cli/steps.h"
#include "model/prediction.h"
#include "reports/plan_report.h"
#include "solver/verify.h"

namespace meshproof {

std::optional<Plan> plan_change(Session& session) {
  const Options& options = session.options;
  const std::optional<Snapshot> input = open_snapshot(session);
  const std::optional<Assertions> assertions = open_assertions(session);
  const std::optional<Change> change = open_change(session, input);
  if (!input || !assertions || !change || session.has_failed()) return std::nullopt;

  session.timing.enter("predict");
  std::optional<Prediction> prediction =
      session.take(predict(*input, *change, {options.network, options.operator_version}));
  if (!prediction) return std::nullopt;
  complete_outcomes(*prediction);
  session.add(prediction->diagnostics);
  const Snapshot before = project_prediction(session, prediction->before, *input);
  const Snapshot after = project_prediction(session, prediction->after, before);

  Plan plan = make_plan(session, before, after, std::move(*prediction));
  if (!options.assertions.empty()) {
    session.timing.enter("verify");
    plan.was_asked = true;
    plan.verdicts = verify(after, *assertions);
  }
  return plan;
}

ExitCode run_plan(Session& session) {
  const std::optional<Plan> plan = plan_change(session);
  if (!plan || session.has_failed()) return ExitCode::InvalidInput;
  session.timing.enter("report");
  const auto shown = [&]() -> std::string {
    switch (session.options.format) {
      case Format::Json:
        return plan_json(*plan, session.sources);
      case Format::Script:
        return plan_script(*plan);
      case Format::Table:
      case Format::Wide:
      case Format::Csv:
      case Format::Dot:
        break;
    }
    return plan_table(*plan, session.sources, session.screen.width, session.options.full);
  };
  return write_plan(session, *plan, shown());
}

}  // namespace meshproof
