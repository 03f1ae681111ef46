#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "reports/dot.h"
#include "reports/isolation_formats.h"
#include "reports/matrix_groups.h"

namespace meshproof {
namespace {

/// What can still be read on a page; more is shown group by group.
constexpr std::size_t kMostConnections = 40;
constexpr std::size_t kMostProjects = 40;
constexpr std::size_t kMostEdges = 120;
constexpr std::size_t kLongestLabel = 24;

struct Edge {
  std::size_t src = 0;
  std::size_t dst = 0;
  std::string label;
  bool is_certain = true;
};

std::string short_words(const PortSet& ports) {
  std::string words = to_string(ports);
  return words.size() > kLongestLabel ? "several ports" : words;
}

std::string edge_label(const MatrixCell& cell) {
  const std::string words = short_words(cell.some.is_empty() ? cell.unknown : cell.some);
  return cell.some == cell.every || cell.some.is_empty() ? words : words + " (some pods)";
}

std::vector<Edge> project_edges(const NamespaceMatrix& matrix) {
  std::vector<Edge> edges;
  for (std::size_t dst = 0; dst < matrix.ends.size(); ++dst) {
    const MatrixRow& row = matrix.rows[matrix.cells_of[dst]];
    for (std::size_t src = 0; src < matrix.ends.size(); ++src) {
      if (src == dst) continue;
      const MatrixCell& cell = matrix.cells[value_at(row, src)];
      if (cell.some.is_empty() && cell.unknown.is_empty()) continue;
      edges.push_back({src, dst, edge_label(cell), !cell.some.is_empty()});
    }
  }
  return edges;
}

/// One line for both directions where they say the same.
std::string edge_lines(const std::vector<Edge>& edges) {
  std::map<std::pair<std::size_t, std::size_t>, const Edge*> known;
  for (const Edge& edge : edges) known[{edge.src, edge.dst}] = &edge;
  std::string text;
  for (const auto& [ends, edge] : known) {
    const auto back = known.find({ends.second, ends.first});
    const bool is_both = back != known.end() && back->second->label == edge->label &&
                         back->second->is_certain == edge->is_certain;
    if (is_both && ends.second < ends.first) continue;
    // With `label` Graphviz 2.42 gives memory back twice where both ends have one rank.
    text += fmt::format("  n{} -> n{} [xlabel={}{}{}];\n", ends.first, ends.second,
                        dot_string(edge->label), is_both ? ", dir=both" : "",
                        edge->is_certain ? "" : ", style=dashed");
  }
  return text;
}

std::string project_nodes(const ReportedMatrix& reported) {
  std::string text;
  for (std::size_t group = 0; group < reported.groups.size(); ++group) {
    text += fmt::format("  subgraph cluster_{} {{\n    label={};\n", group,
                        dot_string(reported.groups[group]));
    for (std::size_t i = 0; i < reported.matrix.ends.size(); ++i) {
      if (reported.group_of[i] != group) continue;
      const MatrixEnd& end = reported.matrix.ends[i];
      const std::string label = end.is_outside ? "outside " + end.name : end.name;
      text += fmt::format("    n{} [label={}{}];\n", i, dot_string(label),
                          end.is_outside ? ", shape=ellipse" : "");
    }
    text += "  }\n";
  }
  return text;
}

/// Workloads in a frame for each project, and what is open between them.
class WorkloadGraph {
 public:
  explicit WorkloadGraph(const Reachability& reach) {
    for (const Connection& each : reach.connections) {
      add(each.src, each.dst, short_words(each.ports), true);
    }
    for (const Reachability::Undecided& each : reach.undecided) {
      add(each.src, each.dst, short_words(each.ports), false);
    }
  }

  [[nodiscard]] std::string text() const {
    std::map<std::string, std::string> frames;
    for (const auto& [end, number] : numbers_) {
      frames[end.ns] += fmt::format("    n{} [label={}{}];\n", number,
                                    dot_string(end.cidr.empty() ? end.name : "outside " + end.cidr),
                                    end.cidr.empty() ? "" : ", shape=ellipse");
    }
    std::string text;
    std::size_t frame = 0;
    for (const auto& [ns, nodes] : frames) {
      text += ns.empty() ? nodes
                         : fmt::format("  subgraph cluster_{} {{\n    label={};\n{}  }}\n", frame++,
                                       dot_string(ns), nodes);
    }
    return text + edge_lines(edges_);
  }

 private:
  void add(const EndpointName& src, const EndpointName& dst, std::string label, bool is_certain) {
    if (src == dst) return;
    const auto number = [&](const EndpointName& end) {
      return numbers_.try_emplace(end, numbers_.size()).first->second;
    };
    const std::size_t from = number(src);
    edges_.push_back({from, number(dst), std::move(label), is_certain});
  }

  std::map<EndpointName, std::size_t> numbers_;
  std::vector<Edge> edges_;
};

std::string group_nodes(const ReportedMatrix& reported) {
  std::vector<std::size_t> sizes(reported.groups.size());
  for (const std::uint32_t group : reported.group_of) ++sizes[group];
  std::string text;
  for (std::size_t group = 0; group < sizes.size(); ++group) {
    text += fmt::format("  n{} [label={}];\n", group,
                        dot_string(fmt::format("{} ({})", reported.groups[group], sizes[group])));
  }
  return text;
}

std::vector<Edge> group_edges(const ReportedMatrix& reported) {
  std::vector<Edge> edges;
  const auto cells = group_cells(reported);
  for (std::size_t src = 0; src < cells.size(); ++src) {
    for (std::size_t dst = 0; dst < cells.size(); ++dst) {
      const GroupCell& cell = cells[src][dst];
      if (cell.open + cell.unknown == 0) continue;
      edges.push_back({src, dst, group_cell_words(cell), cell.open > 0});
    }
  }
  return edges;
}

}  // namespace

GraphLevel graph_level(const ReportedMatrix& reported) {
  const bool fits = reported.workloads &&
                    reported.workloads->connections.size() + reported.workloads->undecided.size() <=
                        kMostConnections;
  if (fits) return GraphLevel::Workloads;
  const bool is_large = reported.matrix.ends.size() > kMostProjects ||
                        project_edges(reported.matrix).size() > kMostEdges;
  return is_large ? GraphLevel::Groups : GraphLevel::Projects;
}

std::string isolation_dot(const ReportedMatrix& reported) {
  const std::string head =
      "digraph isolation {\n  rankdir=LR;\n  bgcolor=transparent;\n  nodesep=0.5;\n  ranksep=1.2;\n"
      "  node [shape=box, fontname=Helvetica, fontsize=11];\n"
      "  edge [fontname=Helvetica, fontsize=9];\n  graph [fontname=Helvetica, fontsize=11];\n";
  const GraphLevel level = graph_level(reported);
  if (level == GraphLevel::Workloads && reported.workloads) {
    return head + WorkloadGraph(*reported.workloads).text() + "}\n";
  }
  if (level == GraphLevel::Projects) {
    return head + project_nodes(reported) + edge_lines(project_edges(reported.matrix)) + "}\n";
  }
  return head + group_nodes(reported) + edge_lines(group_edges(reported)) + "}\n";
}

}  // namespace meshproof
