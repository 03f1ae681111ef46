#include <map>

#include <fmt/format.h>

#include "reports/json.h"
#include "reports/reach_report.h"

namespace meshproof {
namespace {

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string compact(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// As a member of the outermost object.
std::string member(std::string_view name, const Json& value) {
  std::string text = value.dump(2, ' ', false, Json::error_handler_t::replace);
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 3) {
    text.replace(at, 1, "\n  ");
  }
  return fmt::format("  \"{}\": {}", name, text);
}

/// The text of ends and ports, each made once: results have far fewer of them than lines.
class Pieces {
 public:
  const std::string& of(const EndpointName& end) { return piece(ends_, end); }
  const std::string& of(const PortSet& ports) { return piece(ports_, ports); }

 private:
  template <typename Key>
  static const std::string& piece(std::map<Key, std::string>& known, const Key& key) {
    const auto [at, is_new] = known.try_emplace(key);
    if (is_new) at->second = compact(to_json(key));
    return at->second;
  }

  std::map<EndpointName, std::string> ends_;
  std::map<PortSet, std::string> ports_;
};

template <typename Items, typename LineOf>
void add_list(TextStream& stream, std::string_view name, const Items& items, LineOf line_of) {
  stream.add(fmt::format("  \"{}\": [", name));
  std::string_view separator = "\n";
  for (const auto& item : items) {
    if (stream.is_broken()) return;
    stream.add(separator);
    stream.add("    ");
    stream.add(line_of(item));
    separator = ",\n";
  }
  stream.add(items.empty() ? "]" : "\n  ]");
}

}  // namespace

void write_reach_json(const ReachReport& report, const TextSink& sink) {
  TextStream stream(sink);
  Pieces pieces;
  const AskedSlice& asked = report.asked;
  const Json slice{{"from", text_or_null(asked.from)},
                   {"to", text_or_null(asked.to)},
                   {"port", text_or_null(asked.port)},
                   {"by", asked.by_pod ? "pod" : "workload"}};
  stream.add("{\n  \"version\": 1,\n");
  stream.add(member("network", to_json(report.network)) + ",\n");
  stream.add(member("slice", slice) + ",\n");
  add_list(stream, "connections", report.reachability.connections, [&](const Connection& each) {
    return fmt::format(R"({{"src":{},"dst":{},"ports":{}}})", pieces.of(each.src),
                       pieces.of(each.dst), pieces.of(each.ports));
  });
  const PortSet& always = report.reachability.always_dropped;
  stream.add(",\n" + member("always", always.is_empty() ? Json::array() : to_json(always)) + ",\n");
  add_list(stream, "undecided", report.reachability.undecided, [&](const auto& each) {
    return fmt::format(R"({{"src":{},"dst":{},"ports":{},"reason":{}}})", pieces.of(each.src),
                       pieces.of(each.dst), pieces.of(each.ports), compact(Json(each.reason)));
  });
  stream.add(",\n" + member("assumptions", report.assumptions) + ",\n");
  stream.add(member("coverage", to_json(report.coverage)) + "\n}\n");
  stream.flush();
}

}  // namespace meshproof
