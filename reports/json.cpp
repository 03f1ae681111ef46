#include "reports/json.h"

#include <string_view>

#include "model/assertion.h"

namespace meshproof {
namespace {

Json index_or_null(int index) { return index < 0 ? Json(nullptr) : Json(index); }

}  // namespace

Json text_or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(text); }

Json contract() { return Json{{"version", 1}}; }

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json to_json(const Tree& tree) {
  switch (tree.kind) {
    case TreeKind::Null:
      return nullptr;
    case TreeKind::Boolean:
      return tree.text == "true";
    case TreeKind::Number: {
      Json number = Json::parse(tree.text, nullptr, false);
      return number.is_discarded() ? Json(tree.text) : number;
    }
    case TreeKind::String:
      return tree.text;
    case TreeKind::Sequence: {
      Json items = Json::array();
      for (const Tree& item : tree.items) items.push_back(to_json(item));
      return items;
    }
    case TreeKind::Mapping:
      break;
  }
  Json fields = Json::object();
  for (const TreeField& field : tree.fields) fields[field.key] = to_json(field.value);
  return fields;
}

Json to_json(const Place& place, const Sources& sources) {
  if (!place.is_known()) return nullptr;
  return {{"file", sources.name(place.file)}, {"line", place.line}, {"column", place.column}};
}

Json to_json(const Network& network) {
  Json json{{"dialect", to_string(network.dialect)},
            {"mode", to_string(network.mode)},
            {"strategy", to_string(network.strategy)},
            {"assumed", network.assumed}};
  if (!network.unknown_because.empty()) json["unknownBecause"] = network.unknown_because;
  return json;
}

Json to_json(const Reason& reason, const Sources& sources) {
  return {{"direction", to_string(reason.direction)},
          {"policy", text_or_null(reason.policy)},
          {"rule", index_or_null(reason.rule)},
          {"peer", index_or_null(reason.peer)},
          {"port", index_or_null(reason.port)},
          {"where", to_json(reason.place, sources)},
          {"text", reason.text},
          {"semantics", text_or_null(reason.rule_id)}};
}

Json to_json(const std::vector<Reason>& reasons, const Sources& sources) {
  Json json = Json::array();
  for (const Reason& reason : reasons) json.push_back(to_json(reason, sources));
  return json;
}

Json to_json(const PortSet& ports) {
  if (ports.is_all()) return "all";
  Json json = Json::array();
  for (const Protocol protocol : kProtocols) {
    for (const PortRange& range : ports.ranges(protocol)) {
      json.push_back({{"protocol", to_string(protocol)}, {"from", range.from}, {"to", range.to}});
    }
  }
  return json;
}

Json to_json(const EndpointName& end) {
  if (!end.cidr.empty()) return {{"cidr", end.cidr}};
  return {{"namespace", end.ns}, {"workload", end.name}, {"kind", end.kind}};
}

Json to_json(const Connection& connection, const Sources& sources) {
  Json json{{"src", to_json(connection.src)},
            {"dst", to_json(connection.dst)},
            {"ports", to_json(connection.ports)}};
  if (connection.partly) json["partly"] = true;
  if (!connection.evidence.empty()) json["evidence"] = to_json(connection.evidence, sources);
  return json;
}

Json to_json(const std::vector<Reachability::Undecided>& undecided) {
  Json json = Json::array();
  for (const Reachability::Undecided& each : undecided) {
    json.push_back({{"src", to_json(each.src)},
                    {"dst", to_json(each.dst)},
                    {"ports", to_json(each.ports)},
                    {"reason", each.reason}});
  }
  return json;
}

Json to_json(const std::vector<RecheckedVerdict>& rechecked) {
  Json json = Json::array();
  for (const RecheckedVerdict& one : rechecked) {
    json.push_back({{"id", one.id},
                    {"outcome", to_string(one.outcome)},
                    {"flows", one.flows},
                    {"words", one.words}});
  }
  return json;
}

Json to_json(const SelfCheck& check) {
  return {{"members", check.members},
          {"asPredicted", check.as_predicted()},
          {"departing", check.departing}};
}

Json allowed(Access access) {
  if (access == Access::Unknown) return nullptr;
  return access == Access::Allowed;
}

}  // namespace meshproof
