#include "reports/used_report.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "reports/fold.h"
#include "reports/text.h"

namespace meshproof {
namespace {

/// As many lines as are no more trouble to read than one that sums them up.
constexpr std::size_t kLinesSpared = 3;

using Ends = std::vector<EndpointName>;

Ends sorted(std::set<EndpointName> ends) { return {ends.begin(), ends.end()}; }

std::string source_words(const ChangedUse& use) {
  std::set<EndpointName> ends;
  bool has_node = false;
  for (const UsedConnection& each : use.connections) {
    has_node = has_node || each.src.kind == "Node";
    ends.insert(each.src);
  }
  const std::string by_name = describe(sorted(std::move(ends)));
  if (use.source.empty()) return by_name;
  return printable(use.source) + (has_node ? " (" + by_name + ")" : "");
}

/// To whom, and on which ports.
std::string target_words(const ChangedUse& use) {
  std::set<EndpointName> ends;
  PortSet ports;
  for (const UsedConnection& each : use.connections) {
    ends.insert(each.dst);
    ports = ports.unite(each.ports);
  }
  return fmt::format("{}   {}", describe(sorted(std::move(ends))), to_string(ports));
}

std::string used_line(const ChangedUse& use, char sign, const Sources& sources,
                      std::size_t source_width, std::size_t width) {
  std::string words;
  std::string places;
  for (const UseSign& each : use.signs) {
    words += (words.empty() ? "" : "; ") + printable(each.words);
    if (!places.empty() || !each.place.is_known()) continue;
    places = "   " + printable(sources.format(each.place, false));
  }
  const std::string line =
      fmt::format("  {} {} → {}   {}{}", sign, padded(source_words(use), source_width),
                  target_words(use), words, places);
  return wrapped(line, width, 6) + "\n";
}

/// The ports on which each pair of ends is used.
using UsedPorts = std::map<std::pair<EndpointName, EndpointName>, PortSet>;

UsedPorts ports_of(const std::vector<ChangedUse>& uses) {
  UsedPorts ports;
  for (const ChangedUse& use : uses) {
    for (const UsedConnection& each : use.connections) {
      PortSet& all = ports[{each.src, each.dst}];
      all = all.unite(each.ports);
    }
  }
  return ports;
}

/// Takes pairs out of groups of connections.
class Cut {
 public:
  Cut(const ChangedConnections& connections, const std::vector<ChangedUse>& uses)
      : ports_(ports_of(uses)) {
    for (std::uint32_t i = 0; i < connections.ends.size(); ++i) ids_[connections.ends[i]] = {i};
    for (const auto& [pair, ports] : ports_) {
      const auto src = ids_.find(pair.first);
      const auto dst = ids_.find(pair.second);
      if (src != ids_.end() && dst != ids_.end()) used_[src->second][dst->second] = ports;
    }
  }

  void add_rest(const ConnectionGroup& group, std::vector<ConnectionGroup>& rest) const;

 private:
  void add_rest_of(EndId src, const std::map<EndId, PortSet>& used, const ConnectionGroup& group,
                   std::vector<ConnectionGroup>& rest) const;

  const UsedPorts ports_;
  std::map<EndpointName, EndId> ids_;
  std::map<EndId, std::map<EndId, PortSet>> used_;
};

void Cut::add_rest_of(EndId src, const std::map<EndId, PortSet>& used, const ConnectionGroup& group,
                      std::vector<ConnectionGroup>& rest) const {
  const bool has_itself = group.is_itself();
  ConnectionGroup others = group;
  others.sources = {src};
  std::erase_if(others.destinations,
                [&](EndId dst) { return used.contains(dst) || (dst == src && !has_itself); });
  if (!others.destinations.empty()) rest.push_back(std::move(others));
  for (const EndId dst : group.destinations) {
    const auto at = used.find(dst);
    if (at == used.end() || (dst == src && !has_itself)) continue;
    ConnectionGroup one = group;
    one.sources = {src};
    one.destinations = {dst};
    one.ports = group.ports.subtract(at->second);
    if (!one.ports.is_empty()) rest.push_back(std::move(one));
  }
}

void Cut::add_rest(const ConnectionGroup& group, std::vector<ConnectionGroup>& rest) const {
  ConnectionGroup untouched = group;
  untouched.sources.clear();
  std::vector<std::pair<EndId, const std::map<EndId, PortSet>*>> touched;
  for (const EndId src : group.sources) {
    const auto used = used_.find(src);
    const bool is_touched =
        used != used_.end() && std::ranges::any_of(group.destinations, [&](EndId dst) {
          return used->second.contains(dst);
        });
    if (is_touched) {
      touched.emplace_back(src, &used->second);
    } else {
      untouched.sources.push_back(src);
    }
  }
  const bool was_itself = group.is_itself();
  const bool is_left = !untouched.sources.empty() && untouched.is_itself() == was_itself;
  if (is_left) rest.push_back(std::move(untouched));
  for (const auto& [src, used] : touched) add_rest_of(src, *used, group, rest);
}

Json sign_json(const UseSign& sign, const Sources& sources) {
  Json json{{"kind", to_string(sign.evidence)},
            {"object", nullptr},
            {"words", sign.words},
            {"where", to_json(sign.place, sources)}};
  if (!sign.object.kind.empty()) json["object"] = to_string(sign.object);
  return json;
}

}  // namespace

std::string used_flow_words(const ChangedUse& use) {
  return source_words(use) + " → " + target_words(use);
}

std::string used_lines(const std::vector<ChangedUse>& uses, char sign, const Sources& sources,
                       std::size_t width) {
  std::size_t source_width = 0;
  for (const ChangedUse& use : uses) {
    source_width = std::max(source_width, display_width(source_words(use)));
  }
  source_width = std::min(source_width, width / 3);
  std::string text;
  for (const ChangedUse& use : uses) text += used_line(use, sign, sources, source_width, width);
  return text;
}

ChangedConnections without_used(const ChangedConnections& connections,
                                const std::vector<ChangedUse>& uses) {
  if (uses.empty()) return connections;
  ChangedConnections rest = connections;
  rest.groups.clear();
  const Cut cut(connections, uses);
  for (const ConnectionGroup& group : connections.groups) cut.add_rest(group, rest.groups);
  return rest;
}

std::string unused_lines(const ChangedConnections& connections, char sign, const Sources& sources,
                         std::size_t width, bool full) {
  if (connections.empty()) return {};
  const std::string title =
      fmt::format("  also {}, no sign of use ({})", sign == '-' ? "closed" : "opened",
                  counted(connections.count(), "connection"));
  if (full || fold(connections).size() <= kLinesSpared) {
    return title + "\n" + connection_lines(connections, sign, sources, width, full);
  }
  std::set<EndpointName> from;
  std::set<EndpointName> to;
  for (const ConnectionGroup& group : connections.groups) {
    for (const EndId id : group.sources) from.insert(connections.at(id));
    for (const EndId id : group.destinations) to.insert(connections.at(id));
  }
  const std::string line =
      fmt::format("{}: {} → {}   list: --full", title, describe(sorted(std::move(from))),
                  describe(sorted(std::move(to))));
  return wrapped(line, width, 6) + "\n";
}

void add_connections(JsonMembers& members, std::string_view name,
                     const ChangedConnections& connections, const std::vector<ChangedUse>& uses,
                     const Sources& sources) {
  std::map<std::pair<EndpointName, EndpointName>, std::vector<std::pair<PortSet, Json>>> used;
  for (const ChangedUse& use : uses) {
    Json signs = Json::array();
    for (const UseSign& sign : use.signs) signs.push_back(sign_json(sign, sources));
    for (const UsedConnection& each : use.connections) {
      used[{each.src, each.dst}].emplace_back(each.ports, signs);
    }
  }
  members.add_list(name, [&](const JsonMembers::TakeItem& take) {
    connections.for_each([&](const Connection& each) {
      Connection connection = each;
      connection.evidence = connections.evidence_of(each);
      Json json = to_json(connection, sources);
      Json signs = Json::array();
      if (const auto at = used.find({each.src, each.dst}); at != used.end()) {
        for (const auto& [ports, some] : at->second) {
          if (ports.intersect(each.ports).is_empty()) continue;
          for (const Json& sign : some) signs.push_back(sign);
        }
      }
      if (!signs.empty()) json["usedBy"] = std::move(signs);
      return take(json);
    });
  });
}

std::string keep_words(const std::vector<ChangedUse>& lost) {
  constexpr std::size_t kNamed = 3;
  std::vector<std::string> flows;
  for (const ChangedUse& use : lost) {
    for (const UsedConnection& each : use.connections) {
      const bool is_selectable = !each.src.ns.empty() || !each.src.cidr.empty();
      if (!is_selectable || each.dst.ns.empty()) continue;
      for (const Protocol protocol : {Protocol::Tcp, Protocol::Udp, Protocol::Sctp}) {
        if (each.ports.is_all() || each.ports.ranges(protocol).empty()) continue;
        std::string flow =
            fmt::format("--keep {}={}:{}/{}", to_string(each.src), to_string(each.dst),
                        each.ports.ranges(protocol).front().from, to_string(protocol));
        if (std::ranges::find(flows, flow) == flows.end()) flows.push_back(std::move(flow));
      }
    }
  }
  const bool more = flows.size() > kNamed;
  if (more) flows.resize(kNamed);
  return fmt::format("{}{}", fmt::join(flows, " "), more ? " …" : "");
}

}  // namespace meshproof
