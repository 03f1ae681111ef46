#include "reports/json.h"
#include "reports/plan_report.h"

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
  }
  return json;
}

Json routes_json(const std::vector<RouteChange>& routes, const Sources& sources) {
  Json json = Json::array();
  for (const RouteChange& route : routes) {
    json.push_back({{"kind", route.kind},
                    {"namespace", route.ns},
                    {"name", route.name},
                    {"host", route.host},
                    {"router", route.router},
                    {"workload", route.workload},
                    {"stops", route.stops},
                    {"partly", route.partly},
                    {"where", to_json(route.place, sources)}});
  }
  return json;
}

}  // namespace

std::string plan_json(const Plan& plan, const Sources& sources) {
  const Prediction& prediction = plan.prediction;
  Json json = contract();
  if (const ClusterIdentity& cluster = plan.coverage.cluster;
      !cluster.name.empty() || !cluster.id().empty()) {
    json["cluster"] = {{"name", cluster.name}, {"id", cluster.id()}};
  }
  json["network"] = to_json(plan.network);
  json["operatorVersion"] = prediction.operator_version;
  json["meshes"] = plan.meshes;
  json["changes"] = steps_json(prediction.steps, Step::Writer::User);
  json["steps"] = steps_json(prediction.steps, Step::Writer::Operator);
  json["sdnSteps"] = steps_json(prediction.steps, Step::Writer::SdnMaster);
  json["outcomes"] = outcomes_json(prediction.outcomes);
  json["alternatives"] = Json::array();
  for (const Alternative& alternative : prediction.alternatives) {
    json["alternatives"].push_back(
        {{"when", alternative.when},
         {"outcomes", outcomes_json(alternative.outcomes)},
         {"steps", steps_json(alternative.steps, Step::Writer::Operator)}});
  }
  json["gained"] = to_json(plan.reachability.gained, sources);
  json["lost"] = to_json(plan.reachability.lost, sources);
  json["undecided"] = to_json(plan.reachability.undecided);
  json["routes"] = routes_json(plan.routes, sources);
  json["asked"] = plan.was_asked;
  json["verdicts"] = Json::array();
  for (const Verdict& verdict : plan.verdicts)
    json["verdicts"].push_back(to_json(verdict, sources));
  json["notices"] = plan.notices;
  json["assumptions"] = prediction.assumptions;
  json["undo"] = plan.undo;
  json["coverage"] = to_json(plan.coverage);
  return dump(json);
}

}  // namespace meshproof
