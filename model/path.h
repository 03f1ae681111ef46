#pragma once

#include <cstddef>
#include <vector>

#include "model/flow.h"
#include "model/reachability.h"

namespace meshproof {

/// One step of an intruder: a new connection from an end that is in their hands to the next one.
struct PathHop {
  EndpointName src;
  EndpointName dst;
  PortSet ports;  ///< open between the two pods that the way leads over, or, if possible, unknown
  bool certain = true;                ///< false: it could not be decided that the hop is closed
  Protocol protocol = Protocol::Tcp;  ///< of the flow that the reasons speak of
  std::uint16_t port = 0;
  std::vector<Reason> reasons;  ///< why that flow is open, or what is not known
  FlowEnd from = {};            ///< of that flow; no pod at all where it is a node's
  FlowEnd to = {};
};

/// A way over ends each of which the intruder takes over before the next hop. One pod of each
/// workload takes part in both of its hops.
struct AttackPath {
  std::vector<PathHop> hops;
  bool certain = true;  ///< every hop is
};

/// The shortest ways from one end to another.
struct AttackPaths {
  std::vector<AttackPath> paths;  ///< certain ones first; each group of one length, in order
  std::size_t certain_count = 0;  ///< how many there are of that length, shown or not
  std::size_t possible_count = 0;
  std::size_t workloads = 0;  ///< of the cluster
  std::size_t reached = 0;    ///< of those: within the hops looked at, hops that are possible too
  /// No further workload can be reached, with however many hops.
  bool is_exhausted = false;

  /// False if there may be a way, or a shorter one, that could not be decided.
  [[nodiscard]] bool is_decided() const { return possible_count == 0; }
};

}  // namespace meshproof
