#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "reports/json_members.h"
#include "reports/reach_report.h"

namespace meshproof {
namespace {

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string compact(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
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

/// A list of which each item is on a line of its own.
class LineList {
 public:
  LineList(TextStream& stream, std::string_view name) : stream_(stream) {
    stream_.add(fmt::format("  \"{}\": [", name));
  }
  void add(std::string_view line) {
    stream_.add(is_empty_ ? "\n    " : ",\n    ");
    stream_.add(line);
    is_empty_ = false;
  }
  void end() { stream_.add(is_empty_ ? "],\n" : "\n  ],\n"); }

 private:
  TextStream& stream_;
  bool is_empty_ = true;
};

}  // namespace

void write_reach_json(const ReachHeader& header, const ReachPairs& pairs, const TextSink& sink) {
  TextStream stream(sink);
  Pieces pieces;
  const AskedSlice& asked = header.asked;
  const Json slice{{"from", text_or_null(asked.from)},
                   {"to", text_or_null(asked.to)},
                   {"port", text_or_null(asked.port)},
                   {"by", asked.by_pod ? "pod" : "workload"}};
  stream.add("{\n  \"version\": 1,\n");
  stream.add(member_text("network", to_json(header.network)) + ",\n");
  stream.add(member_text("slice", slice) + ",\n");
  LineList connections(stream, "connections");
  std::vector<Reachability::Undecided> undecided;
  const PortSet always = pairs(
      [&](const Connection& each) {
        connections.add(fmt::format(R"({{"src":{},"dst":{},"ports":{}}})", pieces.of(each.src),
                                    pieces.of(each.dst), pieces.of(each.ports)));
        return !stream.is_broken();
      },
      [&](const Reachability::Undecided& each) {
        undecided.push_back(each);
        return true;
      });
  connections.end();
  stream.add(member_text("always", always.is_empty() ? Json::array() : to_json(always)) + ",\n");
  LineList unknown(stream, "undecided");
  for (const Reachability::Undecided& each : undecided) {
    unknown.add(fmt::format(R"({{"src":{},"dst":{},"ports":{},"reason":{}}})", pieces.of(each.src),
                            pieces.of(each.dst), pieces.of(each.ports),
                            compact(Json(each.reason))));
  }
  unknown.end();
  stream.add(member_text("assumptions", header.assumptions) + ",\n");
  stream.add(member_text("coverage", to_json(header.coverage)) + "\n}\n");
  stream.flush();
}

}  // namespace meshproof
