#include "solver/paths.h"

#include <algorithm>
#include <optional>
#include <string>

#include "cli/commands/commands.h"
#include "cli/session.h"
#include "cli/slice_side.h"
#include "cli/steps.h"
#include "reports/graph_svg.h"
#include "reports/path_report.h"

namespace meshproof {
namespace {

template <typename T>
void remove_all(std::vector<T>& from, const std::vector<T>& others) {
  std::erase_if(from, [&](const T& each) {
    return std::find(others.begin(), others.end(), each) != others.end();
  });
}

/// What somebody holds already is no target.
void remove_sources(SliceSide& to, const SliceSide& from) {
  remove_all(to.workloads, from.workloads);
  remove_all(to.pods, from.pods);
  remove_all(to.nodes, from.nodes);
  remove_all(to.blocks, from.blocks);
  remove_all(to.addresses, from.addresses);
}

std::string show(const PathReport& report, const Session& session) {
  switch (session.options.format) {
    case Format::Json:
      return paths_json(report, session.sources);
    case Format::Dot:
      return paths_dot(report);
    case Format::Svg:
      return graph_svg(paths_dot(report));
    case Format::Table:
    case Format::Wide:
    case Format::Csv:
    case Format::Script:
    case Format::Yaml:
    case Format::Html:
    case Format::Report:
      break;
  }
  return paths_table(report, session.sources, session.screen.width, session.options.full);
}

}  // namespace

ExitCode run_paths(Session& session) {
  const Options& options = session.options;
  const std::string& from_text = options.words[0];
  const std::string& to_text = options.words[1];
  const std::optional<Snapshot> snapshot = open_snapshot(session);
  if (!snapshot) return ExitCode::InvalidInput;
  const Cluster& cluster = snapshot->cluster;
  const auto from = session.take(parse_source(from_text, cluster));
  auto to = session.take(parse_destination(to_text, cluster));
  if (!from || !to || session.has_failed()) return ExitCode::InvalidInput;
  remove_sources(*to, *from);
  if (to->is_empty()) {
    session.add_error("same-end", "everything in '" + to_text + "' is in '" + from_text + "' too",
                      "command line");
    return ExitCode::InvalidInput;
  }

  session.timing.enter("reach");
  PathReport report{cluster.network,
                    snapshot->coverage,
                    from_text,
                    to_text,
                    options.max_hops,
                    find_paths(cluster, *from, *to, {options.max_hops}),
                    session.assumptions()};
  bool decided = report.found.is_decided();
  if (report.found.paths.empty() && !snapshot->coverage.is_complete()) {
    report.assumptions.emplace_back(
        "not everything was collected, and what is missing may be a way");
    decided = false;
  }
  for (const std::string& end : options.words) {
    const std::string doubt = doubt_about(end, cluster);
    if (doubt.empty()) continue;
    report.assumptions.push_back(doubt);
    decided = false;
  }
  session.timing.enter("report");
  return session.finish(show(report, session),
                        decided ? ExitCode::Success : ExitCode::Inconclusive);
}

}  // namespace meshproof
