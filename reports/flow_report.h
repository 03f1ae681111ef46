#pragma once

#include <string>
#include <vector>

#include "model/coverage.h"
#include "model/flow.h"
#include "model/network.h"
#include "model/port_set.h"
#include "model/source.h"

namespace meshproof {

/// A flow as it was asked for, and the answer.
struct DecidedFlow {
  std::string src;
  std::string dst;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  Decision decision;
};

/// The answers to `probe`, in the order asked.
struct ProbeReport {
  Network network;
  Coverage coverage;
  std::vector<DecidedFlow> flows;
  std::vector<std::string> assumptions;  ///< sentences: what is not modelled
};
[[nodiscard]] std::string probe_json(const ProbeReport& report, const Sources& sources);
[[nodiscard]] std::string probe_table(const ProbeReport& report, const Sources& sources,
                                      std::size_t width);

/// Pairs of ends that are alike: the same ports are open, for the same reasons.
struct ExplainedGroup {
  std::vector<std::string> sources;
  std::vector<std::string> destinations;
  /// Without --port: every port that is open; with it unused.
  PortSet open;
  /// One flow that stands for the group: an open one and, where there is one, a closed one.
  std::vector<DecidedFlow> flows;
};

struct ExplainReport {
  Network network;
  Coverage coverage;
  std::string from;  ///< as asked
  std::string to;
  bool all_ports = false;  ///< no --port was given
  std::vector<ExplainedGroup> groups;
  std::vector<std::string> assumptions;  ///< sentences: what is not modelled
};
[[nodiscard]] std::string explain_json(const ExplainReport& report, const Sources& sources);
[[nodiscard]] std::string explain_table(const ExplainReport& report, const Sources& sources,
                                        std::size_t width, bool full);

}  // namespace meshproof
