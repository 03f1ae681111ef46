#include "reports/moment_report.h"
#include "reports/safe_order_report.h"

namespace meshproof {
namespace {

Json write_json(const Step& step) {
  Json json{{"by", to_string(step.writer)},   {"verb", to_string(step.verb)},
            {"apiVersion", step.api_version}, {"kind", step.key.kind},
            {"namespace", step.key.ns},       {"name", step.key.name}};
  // What others write stands among the steps of the plan.
  if (step.writer == Step::Writer::User) json["object"] = to_json(step.object);
  return json;
}

Json awaited_json(const AwaitedObject& awaited) {
  Json json{{"kind", awaited.key.kind},
            {"namespace", awaited.key.ns},
            {"name", awaited.key.name},
            {"there", awaited.is_there}};
  if (awaited.labels.empty()) return json;
  Json labels = Json::object();
  for (const auto& [key, value] : awaited.labels) labels[key] = value ? Json(*value) : Json();
  json["labels"] = std::move(labels);
  return json;
}

Json stage_json(const OrderStage& stage) {
  Json writes = Json::array();
  for (const Step& step : stage.writes) writes.push_back(write_json(step));
  Json waits;
  if (stage.barrier) {
    Json objects = Json::array();
    for (const AwaitedObject& each : stage.barrier->objects) objects.push_back(awaited_json(each));
    waits = Json{{"words", stage.barrier->words},
                 {"objects", std::move(objects)},
                 {"delaySeconds", stage.barrier->delay_seconds}};
  }
  return {
      {"writes", std::move(writes)}, {"bridges", stage.temporary}, {"waitsFor", std::move(waits)}};
}

Json writes_json(const std::vector<std::size_t>& places, const std::vector<Step>& steps) {
  Json json = Json::array();
  for (const std::size_t place : places) {
    const Step& step = steps.at(place);
    json.push_back({{"step", place},
                    {"verb", to_string(step.verb)},
                    {"kind", step.key.kind},
                    {"namespace", step.key.ns},
                    {"name", step.key.name}});
  }
  return json;
}

Json order_json(const JudgedOrder& order, const Sources& sources) {
  Json stages = Json::array();
  for (const OrderStage& stage : order.stages) stages.push_back(stage_json(stage));
  return {{"reason", order.reason},
          {"stages", std::move(stages)},
          {"verdicts", moments_json(order.verdicts, order.judged, sources)}};
}

}  // namespace

Json safe_order_json(const SafeOrder& order, const std::vector<Step>& steps,
                     const Sources& sources) {
  Json json{{"kind", to_string(order.kind)}};
  json.update(order_json(order.order, sources));
  Json bridges = Json::array();
  for (const BridgePolicy& bridge : order.bridges) {
    bridges.push_back({{"namespace", bridge.ns},
                       {"name", bridge.name},
                       {"keeps", bridge.keeps},
                       {"object", to_json(bridge.manifest)}});
  }
  json["bridges"] = std::move(bridges);
  json["rollback"] = order_json(order.rollback, sources);
  Json conflicts = Json::array();
  for (const StepConflict& conflict : order.conflicts) {
    conflicts.push_back({{"rule", to_string(conflict.rule)},
                         {"inEffect", writes_json(conflict.in_effect, steps)},
                         {"pending", writes_json(conflict.pending, steps)},
                         {"story", conflict.story}});
  }
  json["conflicts"] = std::move(conflicts);
  json["remarks"] = order.remarks;
  return json;
}

}  // namespace meshproof
