#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/reachability.h"
#include "model/source.h"

namespace meshproof {

/// Connections that are alike, as one line: every one of `sources` with every one of
/// `destinations`, on the same ports; an end with itself only where `themselves` has it. Sorted.
struct FoldedConnections {
  std::vector<EndpointName> sources;
  std::vector<EndpointName> destinations;
  std::vector<EndpointName> themselves;
  PortSet ports;
  bool partly = false;  ///< between some of their pods
  std::uint64_t count = 0;

  /// Each of them, until `take` says false.
  void for_each(const std::function<bool(const Connection&)>& take) const;
};

/// Groups connections by project first, then projects that are alike. Says exactly what the
/// connections say. In order of the first connection of each. O(n log n) in what the groups of the
/// connections hold for each distinct set of sources.
[[nodiscard]] std::vector<FoldedConnections> fold(const ChangedConnections& connections);
[[nodiscard]] std::vector<FoldedConnections> fold(const std::vector<Connection>& connections);

/// A connection by itself.
[[nodiscard]] FoldedConnections unfolded(const Connection& connection);
[[nodiscard]] std::vector<FoldedConnections> unfolded(const std::vector<Connection>& connections);

/// `shop/web`, `3 workloads of shop`, `12 projects (40 workloads)`, `outside 0.0.0.0/0`.
[[nodiscard]] std::string describe(const std::vector<EndpointName>& ends);

/// The lines of a section: `sign source → destination  ports  by policy`, at most a few and one
/// that says how much was folded away, unless `full`. A line names a policy only if it decided all
/// of the line.
[[nodiscard]] std::string connection_lines(const ChangedConnections& connections, char sign,
                                           const Sources& sources, std::size_t width, bool full);

}  // namespace meshproof
