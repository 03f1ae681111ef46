#pragma once

#include <cstdint>
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

/// The answer to `reach`.
struct ReachReport {
  Network network;
  Coverage coverage;
  AskedSlice asked;
  Reachability reachability;
  std::vector<std::string> assumptions;  ///< sentences: what is assumed or not modelled
};

/// The contract of `reach -o json` (docs/FORMATS.md): a connection to a line. Never holds more
/// than some kilobytes of the text.
void write_reach_json(const ReachReport& report, const TextSink& sink);

/// One row for each range of ports between two ends, then one for each range that is undecided, and
/// one for each that is dropped for everybody. RFC 4180, with a header; no field begins with a
/// character that a spreadsheet takes for a formula.
void write_reach_csv(const ReachReport& report, const TextSink& sink);

/// A graph for Graphviz: a cluster for each project, an edge for each connection, dashed where it
/// is undecided.
void write_reach_dot(const ReachReport& report, const TextSink& sink);

/// For a person: folded by project unless `full`.
[[nodiscard]] std::string reach_table(const ReachReport& report, std::size_t width, bool full);

/// One line for each connection in columns, however wide, with a header.
void write_reach_wide(const ReachReport& report, const TextSink& sink);

}  // namespace meshproof
