#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
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

/// What is open from one end to another in one state.
struct Line {
  std::string label;
  bool is_certain = true;

  bool operator==(const Line&) const = default;
};

/// How an edge is drawn.
struct Look {
  std::string label;
  std::string attributes;

  bool operator==(const Look&) const = default;
};

/// Ends in frames, and what is open between them in one state or in two.
class Drawing {
 public:
  explicit Drawing(bool has_before) : has_before_(has_before) {}

  /// `key`: of one end the same in both states.
  std::size_t end(const std::string& key, std::string frame, const std::string& label,
                  bool is_outside) {
    const auto [at, is_new] = numbers_.try_emplace(key, ends_.size());
    if (is_new) ends_.push_back({std::move(frame), label, is_outside});
    return at->second;
  }

  void add(std::size_t src, std::size_t dst, Line line, bool is_before) {
    if (src != dst) edges_[{src, dst}].at(is_before ? 0 : 1) = std::move(line);
  }

  [[nodiscard]] std::size_t size() const { return edges_.size(); }

  [[nodiscard]] std::string text() const {
    return "digraph isolation {\n  rankdir=LR;\n  bgcolor=transparent;\n  nodesep=0.5;\n"
           "  ranksep=1.2;\n  node [shape=box, fontname=Helvetica, fontsize=11, "
           "margin=\"0.2,0.06\"];\n"
           "  edge [fontname=Helvetica, fontsize=9];\n"
           "  graph [fontname=Helvetica, fontsize=11];\n" +
           end_lines() + edge_lines() + "}\n";
  }

 private:
  struct End {
    std::string frame;
    std::string label;
    bool is_outside = false;
  };
  using States = std::array<std::optional<Line>, 2>;  ///< before, and as it is judged

  [[nodiscard]] Look look_of(const States& states) const {
    const auto& [before, now] = states;
    const auto certainty = [](const Line& line) { return line.is_certain ? "" : ", style=dashed"; };
    if (!now) {
      return {before ? "− " + before->label : "", ", class=lost, color=\"#a4161a\", style=dotted"};
    }
    if (!has_before_ || before == now) return {now->label, certainty(*now)};
    if (!before) {
      return {"+ " + now->label,
              std::string{", class=gained, color=\"#1c6b2f\", penwidth=2"} + certainty(*now)};
    }
    return {fmt::format("{} (before: {}{})", now->label, before->is_certain ? "" : "perhaps ",
                        before->label),
            std::string{", class=changed, color=\"#7a4b00\", penwidth=2"} + certainty(*now)};
  }

  [[nodiscard]] std::string end_lines() const {
    std::map<std::string, std::string> frames;
    for (std::size_t i = 0; i < ends_.size(); ++i) {
      frames[ends_[i].frame] +=
          fmt::format("    n{} [label={}{}];\n", i, dot_string(ends_[i].label),
                      ends_[i].is_outside ? ", shape=ellipse" : "");
    }
    std::string text;
    std::size_t number = 0;
    for (const auto& [frame, ends] : frames) {
      text += frame.empty() ? ends
                            : fmt::format("  subgraph cluster_{} {{\n    label={};\n{}  }}\n",
                                          number++, dot_string(frame), ends);
    }
    return text;
  }

  /// One line for both directions where they say the same.
  [[nodiscard]] std::string edge_lines() const {
    std::map<std::pair<std::size_t, std::size_t>, Look> looks;
    for (const auto& [ends, states] : edges_) looks[ends] = look_of(states);
    std::string text;
    for (const auto& [ends, look] : looks) {
      const auto back = looks.find({ends.second, ends.first});
      const bool is_both = back != looks.end() && back->second == look;
      if (is_both && ends.second < ends.first) continue;
      text += fmt::format("  n{} -> n{} [{}{}{}];\n", ends.first, ends.second,
                          dot_edge_label(look.label), is_both ? ", dir=both" : "", look.attributes);
    }
    return text;
  }

  bool has_before_;
  std::map<std::string, std::size_t> numbers_;
  std::vector<End> ends_;
  std::map<std::pair<std::size_t, std::size_t>, States> edges_;
};

std::string short_words(const PortSet& ports) {
  std::string words = to_string(ports);
  return words.size() > kLongestLabel ? "several ports" : words;
}

Line line_of(const MatrixCell& cell) {
  const std::string words = short_words(cell.some.is_empty() ? cell.unknown : cell.some);
  const bool is_plain = cell.some == cell.every || cell.some.is_empty();
  return {is_plain ? words : words + " (some pods)", !cell.some.is_empty()};
}

void add_workloads(Drawing& drawing, const Reachability& reach, bool is_before) {
  const auto end = [&](const EndpointName& name) {
    const bool is_outside = !name.cidr.empty();
    return drawing.end(to_string(name), name.ns, is_outside ? "outside " + name.cidr : name.name,
                       is_outside);
  };
  const auto add = [&](const EndpointName& src, const EndpointName& dst, const PortSet& ports,
                       bool is_certain) {
    if (src == dst) return;
    const std::size_t from = end(src);
    drawing.add(from, end(dst), {short_words(ports), is_certain}, is_before);
  };
  for (const Connection& each : reach.connections) add(each.src, each.dst, each.ports, true);
  for (const Reachability::Undecided& each : reach.undecided) {
    add(each.src, each.dst, each.ports, false);
  }
}

void add_projects(Drawing& drawing, const ReportedMatrix& reported, bool is_before) {
  const NamespaceMatrix& matrix = reported.matrix;
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < matrix.ends.size(); ++i) {
    const MatrixEnd& end = matrix.ends[i];
    const std::string label = end.is_outside ? "outside " + end.name : end.name;
    numbers.push_back(
        drawing.end(label, reported.groups[reported.group_of[i]], label, end.is_outside));
  }
  for (std::size_t dst = 0; dst < matrix.ends.size(); ++dst) {
    const MatrixRow& row = matrix.rows[matrix.cells_of[dst]];
    for (std::size_t src = 0; src < matrix.ends.size(); ++src) {
      const MatrixCell& cell = matrix.cells[value_at(row, src)];
      if (cell.some.is_empty() && cell.unknown.is_empty()) continue;
      drawing.add(numbers[src], numbers[dst], line_of(cell), is_before);
    }
  }
}

void add_groups(Drawing& drawing, const ReportedMatrix& reported, bool is_before) {
  std::vector<std::size_t> sizes(reported.groups.size());
  for (const std::uint32_t group : reported.group_of) ++sizes[group];
  std::vector<std::size_t> numbers;
  for (std::size_t group = 0; group < sizes.size(); ++group) {
    numbers.push_back(drawing.end(reported.groups[group], {},
                                  fmt::format("{} ({})", reported.groups[group], sizes[group]),
                                  false));
  }
  const auto cells = group_cells(reported);
  for (std::size_t src = 0; src < cells.size(); ++src) {
    for (std::size_t dst = 0; dst < cells.size(); ++dst) {
      const GroupCell& cell = cells[src][dst];
      if (cell.open + cell.unknown == 0) continue;
      drawing.add(numbers[src], numbers[dst], {group_cell_words(cell), cell.open > 0}, is_before);
    }
  }
}

/// The state before in the groups of the state that is judged, so that pairs can be compared; an
/// end that is gone keeps its own.
ReportedMatrix regrouped(const ReportedMatrix& before, const ReportedMatrix& judged) {
  std::map<std::pair<std::string, bool>, std::string> groups;
  for (std::size_t i = 0; i < judged.matrix.ends.size(); ++i) {
    const MatrixEnd& end = judged.matrix.ends[i];
    groups[{end.name, end.is_outside}] = judged.groups[judged.group_of[i]];
  }
  ReportedMatrix result{before.matrix, judged.groups, {}, {}};
  for (std::size_t i = 0; i < before.matrix.ends.size(); ++i) {
    const MatrixEnd& end = before.matrix.ends[i];
    const auto known = groups.find({end.name, end.is_outside});
    const std::string& group =
        known != groups.end() ? known->second : before.groups[before.group_of[i]];
    const auto at = std::ranges::find(result.groups, group);
    result.group_of.push_back(static_cast<std::uint32_t>(at - result.groups.begin()));
    if (at == result.groups.end()) result.groups.push_back(group);
  }
  return result;
}

}  // namespace

IsolationGraph isolation_graph(const ReportedMatrix& judged, const ReportedMatrix* before) {
  const bool has_before = before != nullptr;
  if (judged.workloads && (!has_before || before->workloads)) {
    Drawing drawing(has_before);
    add_workloads(drawing, *judged.workloads, false);
    if (has_before) add_workloads(drawing, *before->workloads, true);
    if (drawing.size() <= kMostConnections) return {GraphLevel::Workloads, drawing.text()};
  }
  if (judged.matrix.ends.size() <= kMostProjects) {
    Drawing drawing(has_before);
    add_projects(drawing, judged, false);
    if (has_before) add_projects(drawing, *before, true);
    if (drawing.size() <= kMostEdges) return {GraphLevel::Projects, drawing.text()};
  }
  Drawing drawing(has_before);
  add_groups(drawing, judged, false);
  if (has_before) add_groups(drawing, regrouped(*before, judged), true);
  return {GraphLevel::Groups, drawing.text()};
}

IsolationGraph isolation_graph(const IsolationReport& report) {
  return isolation_graph(report.judged(), report.after ? &report.before : nullptr);
}

}  // namespace meshproof
