#include "reports/isolation_formats.h"
#include "reports/json.h"
#include "reports/matrix_groups.h"
#include "reports/report_json.h"

namespace meshproof {
namespace {

Json to_json(const ReportedMesh& mesh) {
  Json members = Json::array();
  for (const ReportedMember& each : mesh.members) {
    members.push_back({{"namespace", each.ns}, {"standing", each.standing}});
  }
  return {{"namespace", mesh.ns},
          {"name", mesh.name},
          {"version", mesh.version},
          {"roll", to_json(mesh.roll)},
          {"members", std::move(members)}};
}

Json to_json(const ReportedMatrix& reported) {
  Json groups = Json::array();
  const auto cells = group_cells(reported);
  for (std::size_t src = 0; src < cells.size(); ++src) {
    for (std::size_t dst = 0; dst < cells.size(); ++dst) {
      const GroupCell& cell = cells[src][dst];
      if (cell.pairs == 0) continue;
      groups.push_back({{"from", reported.groups[src]},
                        {"to", reported.groups[dst]},
                        {"pairs", cell.pairs},
                        {"open", cell.open},
                        {"unknown", cell.unknown}});
    }
  }
  Json ends = Json::array();
  for (std::size_t i = 0; i < reported.matrix.ends.size(); ++i) {
    const MatrixEnd& end = reported.matrix.ends[i];
    ends.push_back({{"name", end.name},
                    {"outside", end.is_outside},
                    {"pods", end.pods},
                    {"group", reported.groups[reported.group_of[i]]}});
  }
  return {{"ends", std::move(ends)}, {"groups", std::move(groups)}};
}

Json to_json(const ReportedException& each) {
  return {{"id", each.exception.id},
          {"assertion", each.exception.assertion},
          {"owner", each.exception.owner},
          {"ticket", each.exception.ticket},
          {"expires", each.exception.expires},
          {"reason", each.exception.reason},
          {"covers", each.covers},
          {"where", to_json(each.where)}};
}

Json controls_json(const IsolationReport& isolation) {
  Json json = Json::array();
  for (const ControlCatalogue& catalogue : isolation.controls) {
    Json controls = Json::array();
    for (const Control& each : catalogue.controls) {
      Json support = Json::array();
      for (const ControlEvidence evidence : each.supported_by) {
        support.push_back(to_string(evidence));
      }
      controls.push_back({{"id", each.id},
                          {"about", each.about},
                          {"supportedBy", std::move(support)},
                          {"note", text_or_null(each.note)}});
    }
    json.push_back({{"framework", catalogue.framework},
                    {"version", catalogue.version},
                    {"controls", std::move(controls)}});
  }
  return json;
}

template <typename Value>
Json list_json(const std::vector<Value>& values) {
  Json json = Json::array();
  for (const Value& each : values) json.push_back(to_json(each));
  return json;
}

}  // namespace

std::string isolation_json(const IsolationReport& isolation) {
  const Report& report = isolation.report;
  Json json = contract();
  json["cluster"] = text_or_null(report.cluster);
  json["program"] = report.version;
  json["invocation"] = report.invocation;
  json["generated"] = text_or_null(isolation.generated);
  json["network"] = to_json(report.network);
  json["engines"] = isolation.engines;
  json["inputs"] = Json::array();
  for (const InputDigest& each : isolation.inputs) {
    json["inputs"].push_back({{"name", each.name}, {"sha256", text_or_null(each.sha256)}});
  }
  json["judgements"] = to_json(report.judgements);
  if (report.change) json["change"] = to_json(*report.change);
  json["meshes"] = list_json(isolation.meshes);
  json["matrix"] = to_json(isolation.judged());
  if (isolation.after) json["matrixBefore"] = to_json(isolation.before);
  json["exceptions"] = list_json(isolation.exceptions);
  json["expiredExceptions"] = isolation.expired_exceptions;
  json["residualRisks"] = isolation.residual_risks;
  json["assumptions"] = report.assumptions;
  json["controls"] = controls_json(isolation);
  json["coverage"] = to_json(report.coverage);
  return dump(json);
}

}  // namespace meshproof
