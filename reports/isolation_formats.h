#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "model/isolation_report.h"
#include "reports/text_stream.h"

/// What `report` shows.
namespace meshproof {

/// For a person at a terminal.
[[nodiscard]] std::string isolation_table(const IsolationReport& report, std::size_t width,
                                          bool full);
/// The contract of `report -o json` (docs/FORMATS.md).
[[nodiscard]] std::string isolation_json(const IsolationReport& report);
/// What a graph draws: the most that can still be read on a page.
enum class GraphLevel : std::uint8_t {
  Workloads,  ///< in a frame for each project
  Projects,   ///< in a frame for each group
  Groups,     ///< with how many pairs are open
};
/// What is open, for Graphviz; dashed: not certain.
struct IsolationGraph {
  GraphLevel level = GraphLevel::Groups;
  std::string dot;
};
/// With a state before, what closed is dotted and begins with `−`, what opened is bold and begins
/// with `+`; groups are those of the judged state. Null: there is none.
[[nodiscard]] IsolationGraph isolation_graph(const ReportedMatrix& judged,
                                             const ReportedMatrix* before = nullptr);
/// The same of a report.
[[nodiscard]] IsolationGraph isolation_graph(const IsolationReport& report);
/// One page that needs nothing else: no file, no network, no script but its own, which a
/// Content-Security-Policy in it names by digest. The same report gives the same bytes.
void write_isolation_html(const IsolationReport& report, const TextSink& sink);

}  // namespace meshproof
