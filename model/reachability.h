#pragma once

#include <compare>
#include <string>
#include <vector>

#include "model/flow.h"
#include "model/port_set.h"

namespace meshproof {

/// An end of a connection in reports: a workload, or a block of addresses outside the cluster.
/// Nodes (and hostNetwork traffic of no pod) are kind `Node`, namespace empty.
struct EndpointName {
  std::string ns;
  std::string kind;
  std::string name;
  std::string cidr;  ///< set for addresses; the rest is then empty

  auto operator<=>(const EndpointName&) const = default;
};

/// `shop/Deployment/web`, `203.0.113.0/24`, `Node/node-a`.
[[nodiscard]] std::string to_string(const EndpointName& end);

/// The ports on which at least one pod of `src` reaches at least one pod of `dst`.
struct Connection {
  EndpointName src;
  EndpointName dst;
  PortSet ports;
  /// Where two states are compared: why, in the state that closed or opened it.
  std::vector<Reason> evidence = {};
  /// Where two states are compared: the change is between some of their pods only. Others are as
  /// they were, or the ports would be in a connection that is not partly.
  bool partly = false;
};

/// Who reaches whom, by workload. Sorted by (src, dst); pairs without an open port are left out, a
/// workload and itself included only if it has several pods. UDP to the VXLAN port, which the
/// OpenShift SDN drops for everybody, is in `always` and left in the connections' ports.
struct Reachability {
  std::vector<Connection> connections;
  PortSet always_dropped;
  /// Ports between a pair that could not be decided, with the reason for the first.
  struct Undecided {
    EndpointName src;
    EndpointName dst;
    std::string reason;
    PortSet ports;
  };
  std::vector<Undecided> undecided;
};

/// What became reachable and what stopped: between all pods of two ends that could connect, or
/// `partly`.
struct ReachabilityChange {
  std::vector<Connection> gained;
  std::vector<Connection> lost;
  /// What could not be decided in one state; these ports are not in the other two.
  std::vector<Reachability::Undecided> undecided;
};

}  // namespace meshproof
