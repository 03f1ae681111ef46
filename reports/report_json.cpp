#include "reports/report_json.h"

namespace meshproof {
namespace {

Json to_json(const std::vector<Evidence>& evidence) {
  Json json = Json::array();
  for (const Evidence& each : evidence) {
    json.push_back({{"text", each.text}, {"where", to_json(each.where)}});
  }
  return json;
}

Json to_json(const Judgement& judgement) {
  Json waivers = Json::array();
  for (const Waiver& each : judgement.waivers) waivers.push_back(each.exception);
  return {{"rule", judgement.rule},
          {"phase", judgement.phase},
          {"severity", to_string(judgement.severity)},
          {"standing", to_string(judgement.standing)},
          {"subject", judgement.subject},
          {"message", judgement.message},
          {"count", judgement.count},
          {"where", to_json(judgement.where)},
          {"flow", to_json(judgement.flow)},
          {"beside", to_json(judgement.beside)},
          {"waivedBy", std::move(waivers)},
          {"fingerprint", judgement.fingerprint}};
}

Json to_json(const ReportedWrite& write) {
  return {{"step", write.number == 0 ? Json(nullptr) : Json(write.number)},
          {"verb", write.verb},
          {"object", write.object},
          {"detail", text_or_null(write.detail)},
          {"where", to_json(write.where)}};
}

Json to_json(const WriteGroup& group) {
  Json writes = Json::array();
  for (const ReportedWrite& each : group.writes) writes.push_back(to_json(each));
  return {{"title", group.title}, {"writes", std::move(writes)}, {"alsoFor", group.alike}};
}

Json to_json(const ReportedHazard& hazard) {
  return {{"code", hazard.code},   {"hits", hazard.hits}, {"way", hazard.way},
          {"cause", hazard.cause}, {"left", hazard.left}, {"cure", hazard.cure}};
}

Json to_json(const ReportedMoment& moment) {
  return {{"rule", moment.rule},
          {"question", moment.question},
          {"holds", moment.holds ? Json(*moment.holds) : Json(nullptr)},
          {"scope", text_or_null(moment.scope)},
          {"story", moment.story},
          {"inEffect", moment.in_effect},
          {"pending", moment.pending}};
}

Json to_json(const LostUse& use) {
  return {{"flow", use.flow}, {"evidence", use.evidence}, {"where", to_json(use.where)}};
}

template <typename Value>
Json list_json(const std::vector<Value>& values) {
  Json json = Json::array();
  for (const Value& each : values) json.push_back(to_json(each));
  return json;
}

}  // namespace

Json to_json(const SourceLine& line) {
  if (!line.is_known()) return nullptr;
  Json json{{"file", line.path}, {"line", line.line}, {"column", line.column}};
  if (!line.rendered.empty()) json["rendered"] = line.rendered;
  if (!line.address.empty()) json["address"] = line.address;
  return json;
}

Json to_json(const std::vector<Judgement>& judgements) { return list_json(judgements); }

Json to_json(const ChangeSummary& change) {
  return {{"edits", change.edits},
          {"created", change.created},
          {"updated", change.updated},
          {"deleted", change.deleted},
          {"lost", change.lost},
          {"gained", change.gained},
          {"undecided", change.undecided},
          {"lostUses", list_json(change.lost_uses)},
          {"moments", list_json(change.moments)},
          {"writes", list_json(change.writes)},
          {"hazards", list_json(change.hazards)},
          {"keep", text_or_null(change.keep)},
          {"undo", text_or_null(change.undo)}};
}

}  // namespace meshproof
