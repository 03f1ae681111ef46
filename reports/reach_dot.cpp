#include <map>
#include <set>

#include <fmt/format.h>

#include "reports/dot.h"
#include "reports/header.h"
#include "reports/reach_report.h"

namespace meshproof {
namespace {

std::string vertex(const EndpointName& end) { return dot_string(to_string(end)); }

/// By project; nodes and blocks outside under no name.
std::map<std::string, std::set<EndpointName>> ends_of(const Reachability& reachability) {
  std::map<std::string, std::set<EndpointName>> result;
  const auto add = [&](const EndpointName& end) { result[end.ns].insert(end); };
  for (const Connection& each : reachability.connections) {
    add(each.src);
    add(each.dst);
  }
  for (const Reachability::Undecided& each : reachability.undecided) {
    add(each.src);
    add(each.dst);
  }
  return result;
}

void add_ends(TextStream& stream, const Reachability& reachability) {
  std::size_t number = 0;
  for (const auto& [ns, ends] : ends_of(reachability)) {
    if (!ns.empty()) {
      stream.add(
          fmt::format("  subgraph cluster_{} {{\n    label={};\n", number++, dot_string(ns)));
    }
    for (const EndpointName& end : ends) {
      const std::string label = end.cidr.empty() ? fmt::format("{} {}", end.kind, end.name)
                                                 : fmt::format("outside {}", end.cidr);
      stream.add(fmt::format("    {} [label={}{}];\n", vertex(end), dot_string(label),
                             ns.empty() ? ", shape=ellipse" : ""));
    }
    if (!ns.empty()) stream.add("  }\n");
  }
}

}  // namespace

void write_reach_dot(const ReachReport& report, const TextSink& sink) {
  TextStream stream(sink);
  stream.add(
      fmt::format("digraph reach {{\n  graph [rankdir=LR, label={}];\n  node [shape=box];\n",
                  dot_string(fmt::format("meshproof reach · {}", network_words(report.network)))));
  add_ends(stream, report.reachability);
  for (const Connection& each : report.reachability.connections) {
    if (stream.is_broken()) return;
    stream.add(fmt::format("  {} -> {} [label={}];\n", vertex(each.src), vertex(each.dst),
                           dot_string(to_string(each.ports))));
  }
  for (const Reachability::Undecided& each : report.reachability.undecided) {
    if (stream.is_broken()) return;
    stream.add(fmt::format("  {} -> {} [label={}, style=dashed];\n", vertex(each.src),
                           vertex(each.dst), dot_string("unknown: " + to_string(each.ports))));
  }
  stream.add("}\n");
  stream.flush();
}

}  // namespace meshproof
