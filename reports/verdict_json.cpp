#include "reports/json.h"

namespace meshproof {
namespace {

Json to_json(const std::vector<RestsOn>& policies, const Sources& sources) {
  Json json = Json::array();
  for (const RestsOn& each : policies) {
    json.push_back({{"policy", each.policy},
                    {"because", text_or_null(each.because)},
                    {"where", to_json(each.where, sources)}});
  }
  return json;
}

Json to_json(const std::vector<Waiver>& waivers, const Sources& sources) {
  Json json = Json::array();
  for (const Waiver& each : waivers) {
    json.push_back({{"exception", each.exception},
                    {"owner", each.owner},
                    {"ticket", each.ticket},
                    {"expires", each.expires},
                    {"where", to_json(each.where, sources)}});
  }
  return json;
}

/// Of a witness or of one of its further hops.
void add_flow(const auto& flow, Json& json) {
  json["src"] = flow.src;
  json["dst"] = flow.dst;
  json["protocol"] = to_string(flow.protocol);
  json["port"] = flow.port;
}

/// What it says of the finding alone.
void add_finding(const Verdict& verdict, const Sources& sources, Json& json) {
  if (const auto* holds = std::get_if<Holds>(&verdict.finding)) {
    json["holds"] = true;
    json["universe"] = to_string(holds->universe);
    json["reason"] = text_or_null(holds->scope);
    json["restsOn"] = to_json(holds->rests_on, sources);
  } else if (const auto* violated = std::get_if<Violated>(&verdict.finding)) {
    json["holds"] = false;
    json["universe"] =
        to_string(violated->manifests.empty() ? Universe::Enumerated : Universe::Unbounded);
    json["witness"] = to_json(*violated, sources);
    json["reason"] = text_or_null(violated->all);
    if (verdict.as_before) json["asBefore"] = true;
  } else if (const auto* vacuous = std::get_if<Vacuous>(&verdict.finding)) {
    json["holds"] = false;
    json["reason"] = vacuous->reason;
  } else {
    json["reason"] = std::get<Undecided>(verdict.finding).reason;
  }
}

}  // namespace

Json to_json(const Violated& violated, const Sources& sources) {
  Json witness = Json::object();
  if (violated.object.empty()) {
    add_flow(violated, witness);
  } else {
    witness["object"] = violated.object;
  }
  witness["count"] = violated.count;
  witness["reasons"] = to_json(violated.reasons, sources);
  for (const WitnessHop& hop : violated.further) {
    Json next = Json::object();
    add_flow(hop, next);
    next["reasons"] = to_json(hop.reasons, sources);
    witness["further"].push_back(std::move(next));
  }
  Json manifests = Json::array();
  for (const Tree& manifest : violated.manifests) manifests.push_back(to_json(manifest));
  if (!manifests.empty()) witness["manifests"] = std::move(manifests);
  return witness;
}

Json to_json(const Verdict& verdict, const Sources& sources) {
  Json json{{"id", verdict.id},
            {"statement", verdict.statement},
            {"severity", to_string(verdict.severity)},
            {"moment", to_string(verdict.moment)},
            {"holds", nullptr},
            {"waived", verdict.is_waived},
            {"universe", nullptr},
            {"witness", nullptr},
            {"reason", nullptr}};
  add_finding(verdict, sources, json);
  if (!verdict.description.empty()) json["description"] = verdict.description;
  Json deciders = Json::array();
  for (const Decider decider : verdict.deciders) deciders.push_back(to_string(decider));
  json["deciders"] = std::move(deciders);
  if (verdict.is_known) json["known"] = true;
  if (!verdict.waivers.empty()) json["waivers"] = to_json(verdict.waivers, sources);
  json["where"] = to_json(verdict.where, sources);
  return json;
}

}  // namespace meshproof
