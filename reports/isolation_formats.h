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
[[nodiscard]] GraphLevel graph_level(const ReportedMatrix& reported);
/// What is open, as a graph of its level. Dashed: not certain.
[[nodiscard]] std::string isolation_dot(const ReportedMatrix& reported);
/// One page that needs nothing else: no file, no network, no script but its own, which a
/// Content-Security-Policy in it names by digest. The same report gives the same bytes.
void write_isolation_html(const IsolationReport& report, const TextSink& sink);

}  // namespace meshproof
