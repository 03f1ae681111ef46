#include "reports/execution_json.h"
#include "reports/hazard_report.h"
#include "reports/injection_report.h"
#include "reports/json_members.h"
#include "reports/lint_report.h"
#include "reports/moment_report.h"
#include "reports/plan_report.h"
#include "reports/report_json.h"
#include "reports/route_report.h"
#include "reports/safe_order_report.h"
#include "reports/scope_report.h"
#include "reports/used_report.h"

namespace meshproof {
namespace {

Json step_json(const Step& step) {
  return {{"verb", to_string(step.verb)}, {"apiVersion", step.api_version},
          {"kind", step.key.kind},        {"namespace", step.key.ns},
          {"name", step.key.name},        {"object", to_json(step.object)},
          {"project", step.project},      {"reason", step.reason},
          {"aside", step.aside}};
}

Json steps_json(const std::vector<Step>& steps, Step::Writer writer) {
  Json json = Json::array();
  for (const Step& step : steps) {
    if (step.writer == writer) json.push_back(step_json(step));
  }
  return json;
}

Json outcomes_json(const std::vector<Outcome>& outcomes) {
  Json json = Json::array();
  for (const Outcome& outcome : outcomes) {
    json.push_back({{"namespace", outcome.ns},
                    {"mesh", outcome.mesh},
                    {"status", to_string(outcome.status)},
                    {"reason", outcome.reason}});
    if (outcome.code) json.back()["code"] = *outcome.code;
  }
  return json;
}

Json alternatives_json(const std::vector<Alternative>& alternatives) {
  Json json = Json::array();
  for (const Alternative& alternative : alternatives) {
    json.push_back({{"when", alternative.when},
                    {"outcomes", outcomes_json(alternative.outcomes)},
                    {"steps", steps_json(alternative.steps, Step::Writer::Operator)}});
  }
  return json;
}

Json verdicts_json(const std::vector<Verdict>& verdicts, const Sources& sources) {
  Json json = Json::array();
  for (const Verdict& verdict : verdicts) json.push_back(to_json(verdict, sources));
  return json;
}

}  // namespace

void write_plan_json(const Plan& plan, const std::vector<Judgement>& judgements,
                     const Sources& sources, const TextSink& sink, const Execution* execution) {
  const Prediction& prediction = plan.prediction;
  JsonMembers members(sink);
  if (const ClusterIdentity& cluster = plan.coverage.cluster;
      !cluster.name.empty() || !cluster.id().empty()) {
    members.add("cluster", Json{{"name", cluster.name}, {"id", cluster.id()}});
  }
  members.add("network", to_json(plan.network));
  members.add("operatorVersion", prediction.operator_version);
  members.add("operatorRelease", prediction.operator_release);
  members.add("operatorSource", prediction.operator_source);
  members.add("meshes", plan.meshes);
  members.add("selfCheck", to_json(plan.self_check));
  members.add("changes", steps_json(prediction.steps, Step::Writer::User));
  members.add("steps", steps_json(prediction.steps, Step::Writer::Operator));
  members.add("sdnSteps", steps_json(prediction.steps, Step::Writer::SdnMaster));
  members.add("otherSteps", steps_json(prediction.steps, Step::Writer::Others));
  members.add("outcomes", outcomes_json(prediction.outcomes));
  members.add("alternatives", alternatives_json(prediction.alternatives));
  members.add("watchScopes", scopes_json(plan.scopes));
  members.add("hazards", hazards_json(plan.hazards));
  members.add_list("pods", [&](const JsonMembers::TakeItem& take) {
    for (const InjectionChange& change : plan.injection.workloads) {
      if (!take(pods_json(change, sources))) return;
    }
  });
  members.add("podsUnmodelled", plan.injection.unmodelled);
  add_connections(members, "gained", plan.reachability.gained, plan.uses.gained, sources);
  add_connections(members, "lost", plan.reachability.lost, plan.uses.lost, sources);
  members.add("undecided", to_json(plan.reachability.undecided));
  members.add("uses", Json{{"found", plan.uses.found},
                           {"lost", plan.uses.lost.size()},
                           {"gained", plan.uses.gained.size()}});
  members.add("routes", routes_json(plan, sources));
  members.add("moments", moments_json(plan, sources));
  members.add("findings", to_json(plan.findings, sources));
  members.add("asked", plan.was_asked);
  members.add("verdicts", verdicts_json(plan.verdicts, sources));
  members.add("judgements", to_json(judgements));
  if (plan.safe_order) {
    members.add("safeOrder", safe_order_json(*plan.safe_order, prediction.steps, sources));
  }
  if (!plan.rechecked.empty()) members.add("recheck", to_json(plan.rechecked));
  members.add("notices", plan.notices);
  members.add("assumptions", prediction.assumptions);
  members.add("undo", plan.undo);
  if (execution != nullptr) members.add("execution", to_json(*execution));
  members.add("coverage", to_json(plan.coverage));
  members.end();
}

}  // namespace meshproof
