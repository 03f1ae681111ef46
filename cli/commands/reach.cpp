#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/port_choice.h"
#include "cli/session.h"
#include "cli/slice_side.h"
#include "cli/steps.h"
#include "reports/graph_svg.h"
#include "reports/reach_report.h"
#include "reports/reach_summary.h"
#include "solver/all_pairs.h"
#include "solver/slice.h"

namespace meshproof {
namespace {

/// What --from, --to, --port and --by ask about; empty after an error in the session.
std::optional<Slice> open_slice(Session& session, const Cluster& cluster,
                                const std::optional<PortChoice>& port) {
  const Options& options = session.options;
  Slice slice;
  slice.by_pod = options.by == By::Pod;
  if (port) slice.ports = PortSet::of(port->protocol, {port->port, port->port});
  if (!options.from.empty()) slice.from = session.take(parse_source(options.from, cluster));
  if (!options.to.empty()) slice.to = session.take(parse_destination(options.to, cluster));
  if (session.has_failed()) return std::nullopt;
  return slice;
}

constexpr std::size_t kMostInTable = 1'000'000;
/// Nobody reads a picture of more lines, and laying them out takes minutes.
constexpr std::size_t kMostDrawn = 2'000;

/// The pairs of a slice, one by one. Remembers whether one was undecided.
class SlicePairs {
 public:
  SlicePairs(const Cluster& cluster, const Slice& slice) : cluster_(cluster), slice_(slice) {}

  [[nodiscard]] ReachPairs visit() {
    return [this](const auto& open, const auto& undecided) {
      return visit_pairs(cluster_, slice_, {open, [&](const Reachability::Undecided& each) {
                                              decided_ = false;
                                              return undecided(each);
                                            }});
    };
  }
  /// All of them; nothing if they are too many to be held and folded.
  [[nodiscard]] std::optional<Reachability> collect() {
    Reachability found;
    found.always_dropped = visit()(
        [&](const Connection& each) {
          found.connections.push_back(each);
          return found.connections.size() <= kMostInTable;
        },
        [&](const Reachability::Undecided& each) {
          found.undecided.push_back(each);
          return true;
        });
    if (found.connections.size() > kMostInTable) return std::nullopt;
    return found;
  }
  [[nodiscard]] bool is_decided() const { return decided_; }

 private:
  const Cluster& cluster_;
  const Slice& slice_;
  bool decided_ = true;
};

/// Written while pairs are found.
ExitCode stream(Session& session, const ReachHeader& header, SlicePairs& pairs) {
  return session.finish(
      [&](const TextSink& sink) {
        session.timing.enter("reach");
        const Format format = session.options.format;
        if (format == Format::Json) write_reach_json(header, pairs.visit(), sink);
        if (format == Format::Csv) write_reach_csv(pairs.visit(), sink);
        if (format == Format::Dot) write_reach_dot(header, pairs.visit(), sink);
      },
      ExitCode::Success);
}

ExitCode refuse(Session& session, std::size_t most, std::string_view what) {
  session.add_error("too-many-pairs", fmt::format("more than {} connections are no {}", most, what),
                    "command line");
  return ExitCode::InvalidInput;
}

ExitCode draw(Session& session, const ReachHeader& header, SlicePairs& pairs) {
  session.timing.enter("reach");
  std::size_t count = 0;
  const ReachPairs counted = [&](const auto& open, const auto& undecided) {
    return pairs.visit()(
        [&](const auto& each) { return ++count <= kMostDrawn && open(each); },
        [&](const auto& each) { return ++count <= kMostDrawn && undecided(each); });
  };
  std::string dot;
  write_reach_dot(header, counted, [&](std::string_view piece) {
    dot += piece;
    return true;
  });
  if (count > kMostDrawn) {
    return refuse(session, kMostDrawn,
                  "picture: ask for a slice (--from, --to), for report -o svg, or for -o dot");
  }
  session.timing.enter("report");
  return session.finish(graph_svg(dot), ExitCode::Success);
}

/// Tables are folded or aligned, so they need all pairs first.
ExitCode tabulate(Session& session, const ReachHeader& header, SlicePairs& pairs) {
  session.timing.enter("reach");
  std::optional<Reachability> found = pairs.collect();
  if (!found) {
    return refuse(session, kMostInTable,
                  "table: ask for --summary, for a slice (--from, --to), or for -o csv or json");
  }
  session.timing.enter("report");
  const ReachReport report{header, std::move(*found)};
  if (session.options.format != Format::Wide) {
    const Options& options = session.options;
    return session.finish(reach_table(report, session.screen.width, options.full),
                          ExitCode::Success);
  }
  return session.finish([&](const TextSink& sink) { write_reach_wide(report, sink); },
                        ExitCode::Success);
}

ExitCode summarize(Session& session, const Snapshot& snapshot) {
  session.timing.enter("reach");
  const ReachSummary found = AllPairs(snapshot.cluster).summarize();
  session.timing.enter("report");
  const SummaryReport report{
      snapshot.cluster.network,
      snapshot.coverage,
      {{"namespaces", "namespaces", found.namespaces},
       {"pods", "pods that run or are about to, hostNetwork pods among them", found.pods},
       {"policies", "NetworkPolicies", found.policies},
       {"sourceClasses", "kinds of sources that rules tell apart", found.source_classes},
       {"destinationClasses", "kinds of destinations that rules tell apart",
        found.destination_classes},
       {"allowedPairs", "ordered pairs of different pods with an open port", found.allowed_pairs},
       {"undecidedPairs", "pairs with no port that is certainly open, but perhaps one",
        found.undecided_pairs},
       {"isolatedIngress", "pods that a policy isolates for ingress", found.isolated_ingress},
       {"isolatedEgress", "pods that a policy isolates for egress", found.isolated_egress}},
      session.assumptions()};
  const std::string text = session.options.format == Format::Json
                               ? summary_json(report)
                               : summary_table(report, session.screen.width);
  return session.finish(text,
                        found.undecided_pairs == 0 ? ExitCode::Success : ExitCode::Inconclusive);
}

}  // namespace

ExitCode run_reach(Session& session) {
  const Options& options = session.options;
  std::optional<PortChoice> port;
  if (!options.port.empty()) port = parse_port(session, options.port);
  const std::optional<Snapshot> snapshot = open_snapshot(session);
  if (!snapshot) return ExitCode::InvalidInput;
  if (session.has_failed()) return ExitCode::InvalidInput;
  if (options.summary) return summarize(session, *snapshot);
  const Cluster& cluster = snapshot->cluster;
  const std::optional<Slice> slice = open_slice(session, cluster, port);
  if (!slice) return ExitCode::InvalidInput;

  ReachHeader header{cluster.network,
                     snapshot->coverage,
                     {options.from, options.to, options.port, slice->by_pod},
                     session.assumptions()};
  bool has_doubt = false;
  for (const std::string& end : {options.from, options.to}) {
    const std::string doubt = doubt_about(end, cluster);
    if (doubt.empty()) continue;
    header.assumptions.push_back(doubt);
    has_doubt = true;
  }
  SlicePairs pairs(cluster, *slice);
  const bool is_table = options.format == Format::Table || options.format == Format::Wide;
  const ExitCode code = is_table                        ? tabulate(session, header, pairs)
                        : options.format == Format::Svg ? draw(session, header, pairs)
                                                        : stream(session, header, pairs);
  const bool is_inconclusive = has_doubt || !pairs.is_decided();
  return code == ExitCode::Success && is_inconclusive ? ExitCode::Inconclusive : code;
}

}  // namespace meshproof
