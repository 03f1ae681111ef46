#pragma once

#include <string>
#include <vector>

#include "model/reachability.h"
#include "model/source.h"

namespace meshproof {

/// Connections that are alike, as one line: every one of `sources` with every one of
/// `destinations` (but an end with itself), on the same ports.
struct FoldedConnections {
  std::vector<EndpointName> sources;
  std::vector<EndpointName> destinations;
  PortSet ports;
  bool partly = false;           ///< between some of their pods
  std::vector<Reason> evidence;  ///< of the first
  std::size_t count = 0;
};

/// Groups connections by project first, then projects that are alike. Says exactly what the
/// connections say. O(n log n).
[[nodiscard]] std::vector<FoldedConnections> fold(const std::vector<Connection>& connections);

/// Each connection by itself.
[[nodiscard]] std::vector<FoldedConnections> unfolded(const std::vector<Connection>& connections);

/// `shop/web`, `3 workloads of shop`, `12 projects (40 workloads)`, `outside 0.0.0.0/0`.
[[nodiscard]] std::string describe(const std::vector<EndpointName>& ends);

/// The lines of a section: `sign source → destination  ports  by policy`, at most `limit` lines and
/// one that says how much was folded away.
[[nodiscard]] std::string connection_lines(const std::vector<Connection>& connections, char sign,
                                           const Sources& sources, std::size_t width, bool full);

}  // namespace meshproof
