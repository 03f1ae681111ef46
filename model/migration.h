#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/flow.h"
#include "model/reachability.h"

namespace meshproof {

/// A connection that another network opens or closes, and one flow of it, judged by both.
struct MigratedFlow {
  EndpointName src;
  EndpointName dst;
  PortSet ports;  ///< that change for this cause
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;  ///< of the flow
  std::vector<Reason> before;
  std::vector<Reason> after;
};

/// Connections that change because the same two rules meet: the one by which the network before
/// decided and the one by which the network after does.
struct MigrationCause {
  bool is_gain = false;
  Direction direction = Direction::Ingress;
  std::string rule_before;  ///< of docs/SEMANTICS.md
  std::string rule_after;
  /// Without what could explain them: that is `judge`. A connection may be in several causes, each
  /// with its own ports.
  ChangedConnections connections;
  MigratedFlow example;
};

/// What another network means for one cluster: losses first, then by how many connections they are.
struct Migration {
  std::vector<MigrationCause> causes;
  /// A flow of a connection of a cause, judged by both networks. Asks the states that were
  /// compared, which must live as long.
  std::function<MigratedFlow(const MigrationCause&, const Connection&)> judge;
};

}  // namespace meshproof
