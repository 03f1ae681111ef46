#include <map>
#include <set>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "reports/dot.h"
#include "reports/header.h"
#include "reports/reach_report.h"

namespace meshproof {
namespace {

std::string vertex(const EndpointName& end) { return dot_string(to_string(end)); }

/// By project; nodes and blocks outside under no name.
using EndsByProject = std::map<std::string, std::set<EndpointName>>;

void add_ends(TextStream& stream, const EndsByProject& by_project) {
  std::size_t number = 0;
  for (const auto& [ns, ends] : by_project) {
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

void write_reach_dot(const ReachHeader& header, const ReachPairs& pairs, const TextSink& sink) {
  TextStream stream(sink);
  EndsByProject ends;
  const auto add_edge = [&](const EndpointName& src, const EndpointName& dst,
                            const std::string& label, std::string_view style) {
    ends[src.ns].insert(src);
    ends[dst.ns].insert(dst);
    stream.add(fmt::format("  {} -> {} [{}{}];\n", vertex(src), vertex(dst), dot_edge_label(label),
                           style));
    return !stream.is_broken();
  };
  stream.add(
      fmt::format("digraph reach {{\n  graph [rankdir=LR, label={}];\n  node [shape=box];\n",
                  dot_string(fmt::format("meshproof reach · {}", network_words(header.network)))));
  pairs(
      [&](const Connection& each) {
        return add_edge(each.src, each.dst, to_string(each.ports), "");
      },
      [&](const Reachability::Undecided& each) {
        return add_edge(each.src, each.dst, "unknown: " + to_string(each.ports), ", style=dashed");
      });
  add_ends(stream, ends);
  stream.add("}\n");
  stream.flush();
}

}  // namespace meshproof
