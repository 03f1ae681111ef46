#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/coverage.h"
#include "model/network.h"
#include "model/reachability.h"
#include "reports/text_stream.h"

namespace meshproof {

/// The part of the cluster that was asked about, as the user wrote it; empty: all.
struct AskedSlice {
  std::string from;
  std::string to;
  std::string port;
  bool by_pod = false;
};

/// The answer to `reach`, but for the pairs.
struct ReachHeader {
  Network network;
  Coverage coverage;
  AskedSlice asked;
  std::vector<std::string> assumptions;  ///< sentences: what is assumed or not modelled
};

/// The pairs, in order of (src, dst), given one by one so that nobody has to hold them: `open` and
/// `undecided` take them until one of both says false. Gives what is dropped for everybody.
using ReachPairs =
    std::function<PortSet(const std::function<bool(const Connection&)>& open,
                          const std::function<bool(const Reachability::Undecided&)>& undecided)>;

/// The contract of `reach -o json` (docs/FORMATS.md): a connection to a line. Holds what is
/// undecided, and no more than some kilobytes of the rest.
void write_reach_json(const ReachHeader& header, const ReachPairs& pairs, const TextSink& sink);

/// One row for each range of ports between two ends, then one for each range that is undecided, and
/// one for each that is dropped for everybody. RFC 4180, with a header; no field begins with a
/// character that a spreadsheet takes for a formula.
void write_reach_csv(const ReachPairs& pairs, const TextSink& sink);

/// A graph for Graphviz: an edge for each connection, dashed where it is undecided, and a cluster
/// for each project.
void write_reach_dot(const ReachHeader& header, const ReachPairs& pairs, const TextSink& sink);

/// All pairs at once, for people.
struct ReachReport {
  ReachHeader header;
  Reachability reachability;
};

/// For a person: folded by project unless `full`.
[[nodiscard]] std::string reach_table(const ReachReport& report, std::size_t width, bool full);

/// One line for each connection in columns, however wide, with a header.
void write_reach_wide(const ReachReport& report, const TextSink& sink);

}  // namespace meshproof
