#include "reports/path_report.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "reports/dot.h"
#include "reports/header.h"
#include "reports/json.h"
#include "reports/text.h"

namespace meshproof {
namespace {

struct PathPage {
  std::size_t width = 0;
  bool full = false;
};

std::string name_of(const EndpointName& end) {
  return end.cidr.empty() ? printable(to_string(end)) : "outside " + end.cidr;
}

std::string port_words(const PathHop& hop) {
  return hop.protocol == Protocol::Icmp ? "ICMP"
                                        : fmt::format("{} {}", to_string(hop.protocol), hop.port);
}

/// Among what was looked, and where it ended.
std::string universe_words(const PathReport& report) {
  return fmt::format(
      "of {} as stepping stones {} can be taken over on the way; nodes and addresses outside are "
      "no stepping stones",
      counted(report.found.workloads, "workload"), report.found.reached);
}

std::string no_path_words(const PathReport& report) {
  const std::string limit = report.found.is_exhausted
                                ? "with any number of hops"
                                : fmt::format("within {}", counted(report.max_hops, "hop"));
  return fmt::format("no path from {} to {} {}", printable(report.from), printable(report.to),
                     limit);
}

std::string reason_lines(const PathHop& hop, const Sources& sources, std::size_t width) {
  std::string text;
  for (const Reason& reason : hop.reasons) {
    std::string line =
        fmt::format("       {:<8}{}", to_string(reason.direction), printable(reason.text));
    if (reason.place.is_known()) line += "  " + printable(sources.format(reason.place, false));
    text += wrapped(line, width, 15) + "\n";
  }
  return text;
}

/// A single port needs no example.
bool is_one_port(const PathHop& hop) {
  return hop.ports == PortSet::of(hop.protocol, {hop.port, hop.port});
}

std::string path_lines(const AttackPath& path, const Sources& sources, std::size_t width) {
  std::string text = wrapped("  " + name_of(path.hops.front().src), width, 4) + "\n";
  std::size_t number = 0;
  for (const PathHop& hop : path.hops) {
    std::string line = fmt::format("  {:>2} → {}   {}{}", ++number, name_of(hop.dst),
                                   hop.certain ? "" : "perhaps ", to_string(hop.ports));
    if (!is_one_port(hop)) line += fmt::format(", for example {}", port_words(hop));
    text += wrapped(line, width, 7) + "\n" + reason_lines(hop, sources, width);
  }
  return text;
}

std::string one_line(const AttackPath& path, std::size_t width) {
  std::string text = "  " + name_of(path.hops.front().src);
  for (const PathHop& hop : path.hops) text += " → " + name_of(hop.dst);
  return wrapped(text, width, 6) + "\n";
}

std::string section(const PathReport& report, bool certain, std::size_t count,
                    const Sources& sources, const PathPage& page) {
  std::string text;
  std::size_t shown = 0;
  for (const AttackPath& path : report.found.paths) {
    if (path.certain != certain) continue;
    const bool is_first = shown++ == 0;
    if (is_first) {
      text += fmt::format("\n{} ({} of {})\n", certain ? "PATHS" : "POSSIBLE",
                          counted(count, "path"), counted(path.hops.size(), "hop"));
      if (!certain) text += "  a hop could not be decided\n";
    }
    if (!is_first && shown == 2) text += "\n";
    text +=
        is_first || page.full ? path_lines(path, sources, page.width) : one_line(path, page.width);
  }
  if (count > shown) text += fmt::format("  and {} more of this length\n", count - shown);
  return text;
}

Json hop_json(const PathHop& hop, const Sources& sources) {
  return {{"src", to_json(hop.src)},
          {"dst", to_json(hop.dst)},
          {"ports", to_json(hop.ports)},
          {"certain", hop.certain},
          {"protocol", to_string(hop.protocol)},
          {"port", hop.port},
          {"reasons", to_json(hop.reasons, sources)}};
}

}  // namespace

std::string paths_json(const PathReport& report, const Sources& sources) {
  const AttackPaths& found = report.found;
  Json json = contract();
  json["network"] = to_json(report.network);
  json["from"] = report.from;
  json["to"] = report.to;
  json["maxHops"] = report.max_hops;
  json["paths"] = Json::array();
  for (const AttackPath& path : found.paths) {
    Json each{{"certain", path.certain}, {"hops", Json::array()}};
    for (const PathHop& hop : path.hops) each["hops"].push_back(hop_json(hop, sources));
    json["paths"].push_back(std::move(each));
  }
  json["certainCount"] = found.certain_count;
  json["possibleCount"] = found.possible_count;
  json["universe"] = {{"workloads", found.workloads},
                      {"reached", found.reached},
                      {"exhausted", found.is_exhausted}};
  json["assumptions"] = report.assumptions;
  json["coverage"] = to_json(report.coverage);
  return dump(json);
}

std::string paths_table(const PathReport& report, const Sources& sources, std::size_t width,
                        bool full) {
  const AttackPaths& found = report.found;
  std::string text = wrapped(fmt::format("meshproof paths · {} · {}", network_words(report.network),
                                         coverage_words(report.coverage)),
                             width, 2) +
                     "\n";
  if (found.certain_count == 0) text += "\n" + wrapped(no_path_words(report), width, 2);
  if (found.certain_count == 0 && found.possible_count > 0) text += " is certain";
  if (found.certain_count == 0) text += "\n";
  text += section(report, true, found.certain_count, sources, {width, full});
  text += section(report, false, found.possible_count, sources, {width, full});
  text += "\n" + wrapped(universe_words(report), width, 2) + "\n";
  const std::string assumptions = assumption_lines(report.assumptions, width);
  return assumptions.empty() ? text : text + "\n" + assumptions;
}

std::string paths_dot(const PathReport& report) {
  std::string text =
      fmt::format("digraph paths {{\n  graph [rankdir=LR, label={}];\n  node [shape=box];\n",
                  dot_string(fmt::format("meshproof paths · {} → {}", report.from, report.to)));
  std::set<std::tuple<EndpointName, EndpointName, PortSet, bool>> hops;
  for (const AttackPath& path : report.found.paths) {
    for (const PathHop& hop : path.hops) hops.emplace(hop.src, hop.dst, hop.ports, hop.certain);
  }
  for (const auto& [src, dst, ports, certain] : hops) {
    text += fmt::format("  {} -> {} [{}{}];\n", dot_string(name_of(src)), dot_string(name_of(dst)),
                        dot_edge_label(to_string(ports)), certain ? "" : ", style=dashed");
  }
  return text + "}\n";
}

}  // namespace meshproof
