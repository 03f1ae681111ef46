#include "cli/make_plan.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "cli/notices.h"
#include "cli/recheck_step.h"
#include "cli/route_judgements.h"
#include "cli/routes.h"
#include "cli/steps.h"
#include "cli/undo.h"
#include "model/mesh/mesh.h"
#include "solver/checks/unknown_names.h"
#include "solver/exceptions.h"
#include "solver/moments/moments.h"
#include "solver/reachability.h"
#include "solver/uses/judge.h"
#include "solver/uses/uses.h"
#include "solver/verify.h"

namespace meshproof {
namespace {

/// The meshes of the outcomes; all of them where there is no outcome.
std::vector<std::string> mesh_names(const Snapshot& after, const Prediction& prediction) {
  std::set<std::string> touched;
  for (const Outcome& outcome : prediction.outcomes) touched.insert(outcome.mesh);
  std::vector<std::string> names;
  for (const Mesh& mesh : find_meshes(after.objects)) {
    if (!touched.empty() && !touched.contains(mesh.ns)) continue;
    names.push_back(mesh.name.empty() ? mesh.ns + " (no control plane)"
                                      : fmt::format("{}/{} {}", mesh.ns, mesh.name, mesh.version));
  }
  return names;
}

/// The writes of a safe order, of which any part may be in effect between two barriers.
std::vector<Stage> stages_of(const JudgedOrder& order) {
  std::vector<Stage> stages;
  for (const OrderStage& each : order.stages) {
    stages.push_back({each.writes, false, each.barrier ? each.barrier->words : std::string{}});
  }
  return stages;
}

}  // namespace

Plan make_plan(Session& session, const Snapshot& before, const Snapshot& after,
               Prediction prediction) {
  session.timing.enter("reach");
  ReachabilityChange change = compare(before, after);
  session.timing.enter("undo");
  std::string undo = undo_of(session.options, prediction, before, after);
  session.timing.enter("compare");
  std::vector<std::string> meshes = mesh_names(after, prediction);
  Plan plan{.coverage = before.coverage,
            .network = before.cluster.network,
            .meshes = std::move(meshes),
            .self_check = {},
            .prediction = std::move(prediction),
            .hazards = {},
            .scopes = {},
            .injection = {},
            .reachability = std::move(change),
            .uses = {},
            .routes = {},
            .judged_routes = {},
            .findings = {},
            .stages = {},
            .moments = {},
            .notices = {},
            .was_asked = false,
            .verdicts = {},
            .safe_order = {},
            .undo = std::move(undo),
            .rechecked = {}};
  for (std::string& sentence : session.assumptions()) {
    plan.prediction.assumptions.push_back(std::move(sentence));
  }
  plan.routes = find_route_changes(before, after, plan.reachability);
  plan.scopes = scope_changes(before.objects, after.objects,
                              *nearest_operator_version(plan.prediction.operator_version));
  RouteJudgements judgements = judge_routes(plan, before, after);
  plan.judged_routes = std::move(judgements.routes);
  plan.notices = find_notices(plan, before, after);
  std::ranges::move(judgements.notices, std::back_inserter(plan.notices));
  return plan;
}

void judge_plan(Session& session, const Judged& judged, Plan& plan) {
  session.timing.enter("uses");
  const Uses uses = find_uses(judged.before, judged.flows);
  if (uses.unknown_flows > 0) {
    session.add({{{},
                  Severity::Warning,
                  "unknown-flow-ends",
                  fmt::format("{} of {} kinds of observed flows have an end that the input lacks: "
                              "they are no evidence of anything",
                              uses.unknown_flows, judged.flows.flows.size()),
                  {},
                  "--flows"}});
  }
  const JudgedUses judged_uses = judge_uses(judged.before, judged.after, uses, plan.reachability);
  plan.uses = judged_uses.changes;
  session.timing.enter("moments");
  plan.stages = stages_of(plan.prediction);
  if (!plan.stages.empty()) {
    plan.moments = judge_prediction(judged.before, judged.after, plan.stages,
                                    {.hops = session.options.hops, .evidence = judged.evidence});
  }
  const Assertions& asked = judged.assertions;
  plan.was_asked = !asked.assertions.empty() || !asked.builtins.empty();
  if (!plan.was_asked) return;
  session.add(unknown_names(asked, std::array{&judged.before, &judged.after}));
  session.timing.enter("verify");
  VerifyOptions options;
  options.uses = &judged_uses;
  const bool is_ordered = plan.safe_order && plan.safe_order->is_found();
  options.moments = is_ordered ? &plan.safe_order->order.verdicts : &plan.moments;
  const std::vector<Stage> ordered =
      is_ordered ? stages_of(plan.safe_order->order) : std::vector<Stage>{};
  options.stages = is_ordered ? &ordered : &plan.stages;
  options.evidence = judged.evidence;
  options.progress = [&](std::size_t done, std::size_t all) {
    session.count({.done = done, .total = all, .unit = "statements"});
  };
  plan.verdicts = verify_change(judged.before, judged.after, asked, options);
  plan.rechecked = recheck_verdicts(session, {judged.after, &judged.before, asked}, judged.evidence,
                                    plan.verdicts);
  session.add(unused_exceptions(asked.exceptions, plan.verdicts));
  excuse_empty_defaults(session.options, plan.verdicts);
}

}  // namespace meshproof
