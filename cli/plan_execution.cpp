#include "cli/plan_execution.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "backends/sha256.h"
#include "cli/input_digests.h"
#include "cli/reporting.h"
#include "cli/steps.h"
#include "model/execution_stages.h"
#include "reports/text.h"
#include "solver/moments/safe_order.h"

namespace meshproof {
namespace {

std::string verdict_words(const Verdict& verdict) {
  if (verdict.fails()) return fmt::format("{} does not hold", verdict.id);
  return fmt::format("{} is not decided", verdict.id);
}

std::vector<std::string> objections_of(const Session& session, const Plan& plan) {
  std::vector<std::string> objections;
  const std::optional<Severity> fail_on = session.options.fail_on;
  for (const Verdict& verdict : plan.verdicts) {
    if (exit_code_of(std::vector{verdict}, fail_on) != ExitCode::Success) {
      objections.push_back(verdict_words(verdict));
    }
  }
  const bool has_findings = std::ranges::any_of(plan.findings, [&](const LintFinding& finding) {
    return fail_on && !finding.is_known && finding.rule->severity >= *fail_on;
  });
  if (has_findings) {
    objections.push_back(
        fmt::format("the change brings {}", counted(plan.findings.size(), "finding")));
  }
  for (const Outcome& outcome : plan.prediction.outcomes) {
    const bool fails =
        outcome.status == Outcome::Status::Failed || outcome.status == Outcome::Status::Rejected;
    if (fails) {
      objections.push_back(
          fmt::format("{} is {}: {}", outcome.ns, to_string(outcome.status), outcome.reason));
    }
  }
  if (plan.safe_order && !plan.safe_order->is_found()) {
    objections.push_back(fmt::format("there is no safe order: {}", plan.safe_order->order.reason));
  }
  return objections;
}

std::set<std::string> not_configured(const Prediction& prediction) {
  std::set<std::string> names;
  for (const Outcome& outcome : prediction.outcomes) {
    if (outcome.status != Outcome::Status::Configured &&
        outcome.status != Outcome::Status::Removed) {
      names.insert(outcome.ns);
    }
  }
  return names;
}

void add_stages(Execution& execution, const PlannedStates& states, const Plan& plan) {
  const std::set<std::string> left_out = not_configured(plan.prediction);
  const auto stages = [&](const std::vector<OrderStage>& order, const Snapshot& from) {
    return execution_stages(order, from.objects, left_out);
  };
  const bool is_ordered = plan.safe_order && plan.safe_order->is_found();
  if (is_ordered && !plan.safe_order->rollback.stages.empty()) {
    execution.order = to_string(plan.safe_order->kind);
    execution.stages = stages(plan.safe_order->order.stages, states.before);
    execution.rollback = stages(plan.safe_order->rollback.stages, states.after);
    return;
  }
  const WayThereAndBack way = way_there_and_back(states.before, states.after, plan.prediction,
                                                 states.told, kNetworkSeconds);
  execution.order = to_string(OrderKind::Operator);
  execution.stages = stages(way.there, states.before);
  execution.rollback = stages(way.back, states.after);
  if (!way.no_way_back.empty()) execution.objections.push_back(way.no_way_back);
}

}  // namespace

Execution execution_of(Session& session, const PlannedStates& states, const Plan& plan) {
  session.timing.enter("execution");
  Execution execution;
  execution.program = MESHPROOF_VERSION;
  execution.cluster = plan.coverage.cluster;
  for (const Origin& origin : plan.coverage.origins) {
    if (!origin.server.empty()) execution.server = origin.server;
    if (!origin.time.empty()) execution.time = origin.time;
  }
  execution.operator_release = plan.prediction.operator_release;
  execution.inputs = input_digests(session.options.inputs);
  execution.objections = objections_of(session, plan);
  add_stages(execution, states, plan);
  add_basis(execution, states.input.objects, states.input.coverage, sha256);
  execution.digest = sha256(canonical_text(execution));
  return execution;
}

}  // namespace meshproof
