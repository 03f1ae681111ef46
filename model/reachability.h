#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/flow.h"
#include "model/id.h"
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

/// An end of a comparison; see ChangedConnections::ends.
using EndId = Id<EndpointName>;

/// Connections that changed alike: from each of `sources` to each of `destinations`, on the same
/// ports. Both are sorted, neither is empty. A workload and itself are a group of their own; in all
/// other groups an end has no connection with itself.
struct ConnectionGroup {
  std::vector<EndId> sources;
  std::vector<EndId> destinations;
  PortSet ports;
  bool partly = false;  ///< as in Connection

  [[nodiscard]] bool is_itself() const { return sources.size() == 1 && sources == destinations; }
  /// How many connections it is. O(ends).
  [[nodiscard]] std::uint64_t count() const;
};

/// What changed in one direction, factorised. Connections are spelled out when they are asked for,
/// and so are their reasons.
struct ChangedConnections {
  std::vector<EndpointName> ends;       ///< sorted, each once
  std::vector<ConnectionGroup> groups;  ///< a connection is in one of them only
  /// The reasons of one flow of a connection, in the state that closed or opened it; empty where
  /// there are none. Asks the states that were compared, which must live as long.
  std::function<std::vector<Reason>(const Connection&)> explain;
  /// The policies by which one destination refuses all of these sources, if that is known without
  /// asking about each; else nothing.
  std::function<std::vector<Reason>(const std::vector<EndpointName>& sources,
                                    const EndpointName& dst, const PortSet& ports)>
      refusal;

  [[nodiscard]] bool empty() const { return groups.empty(); }
  [[nodiscard]] const EndpointName& at(EndId id) const { return ends.at(id.value); }
  /// How many connections there are. O(ends of the groups).
  [[nodiscard]] std::uint64_t count() const;
  /// Each connection, without its evidence, in order of (src, dst, partly), until `take` says
  /// false. O(connections log); holds those of one source.
  void for_each(const std::function<bool(const Connection&)>& take) const;
  /// The reasons of a connection; empty if nobody can tell.
  [[nodiscard]] std::vector<Reason> evidence_of(const Connection& connection) const;
};

/// Each connection with its evidence, in order. For comparisons that are small.
[[nodiscard]] std::vector<Connection> spelled_out(const ChangedConnections& changed);
/// The same connections, each a group of its own, with the evidence that they have.
[[nodiscard]] ChangedConnections as_groups(const std::vector<Connection>& connections);

/// What became reachable and what stopped: between all pods of two ends that could connect, or
/// `partly`.
struct ReachabilityChange {
  ChangedConnections gained;
  ChangedConnections lost;
  /// What could not be decided in one state; these ports are not in the other two.
  std::vector<Reachability::Undecided> undecided;
};

}  // namespace meshproof
