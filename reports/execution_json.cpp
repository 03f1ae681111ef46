#include "reports/execution_json.h"

namespace meshproof {
namespace {

Json tree_or_null(const std::optional<Tree>& tree) { return tree ? to_json(*tree) : Json(); }

Json write_json(const PlannedWrite& write) {
  return {{"by", to_string(write.writer)},
          {"verb", to_string(write.verb())},
          {"apiVersion", write.api_version},
          {"kind", write.key.kind},
          {"namespace", write.key.ns},
          {"name", write.key.name},
          {"project", write.project},
          {"reason", write.reason},
          {"before", tree_or_null(write.before)},
          {"after", tree_or_null(write.after)}};
}

Json stages_json(const std::vector<ExecutionStage>& stages) {
  Json json = Json::array();
  for (const ExecutionStage& stage : stages) {
    Json writes = Json::array();
    for (const PlannedWrite& write : stage.writes) writes.push_back(write_json(write));
    Json members = Json::array();
    for (const MemberEffect& member : stage.members) {
      members.push_back(
          {{"mesh", member.mesh}, {"namespace", member.ns}, {"configured", member.configured}});
    }
    json.push_back({{"writes", std::move(writes)},
                    {"members", std::move(members)},
                    {"delaySeconds", stage.delay_seconds}});
  }
  return json;
}

Json basis_json(const BasisObject& object) {
  return {{"group", object.key.group},  {"kind", object.key.kind},
          {"namespace", object.key.ns}, {"name", object.key.name},
          {"uid", object.uid},          {"resourceVersion", object.resource_version},
          {"sha256", object.digest}};
}

}  // namespace

Json to_json(const Execution& execution) {
  Json inputs = Json::array();
  for (const InputDigest& input : execution.inputs) {
    inputs.push_back({{"name", input.name}, {"sha256", input.sha256}});
  }
  Json basis = Json::array();
  for (const BasisObject& object : execution.basis) basis.push_back(basis_json(object));
  return {{"program", execution.program},
          {"digest", execution.digest},
          {"cluster", Json{{"name", execution.cluster.name},
                           {"clusterId", execution.cluster.cluster_id},
                           {"kubeSystemUid", execution.cluster.kube_system_uid}}},
          {"server", execution.server},
          {"time", execution.time},
          {"operatorRelease", execution.operator_release},
          {"inputs", std::move(inputs)},
          {"order", execution.order},
          {"objections", execution.objections},
          {"stages", stages_json(execution.stages)},
          {"rollback", stages_json(execution.rollback)},
          {"basisKinds", execution.basis_kinds},
          {"basis", std::move(basis)}};
}

}  // namespace meshproof
