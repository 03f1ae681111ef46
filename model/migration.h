#pragma once

#include <cstdint>
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
  std::uint16_t port = 0;      ///< of the flow
  std::vector<Reason> before;  ///< none where one flow of each cause was to keep them
  std::vector<Reason> after;
};

/// Flows that change because the same two rules meet: the one by which the network before decided
/// and the one by which the network after does.
struct MigrationCause {
  bool is_gain = false;
  Direction direction = Direction::Ingress;
  std::string rule_before;  ///< of docs/SEMANTICS.md
  std::string rule_after;
  std::vector<MigratedFlow> flows;  ///< by (src, dst)
};

/// What another network means for one cluster: losses first, then by how many flows they change.
struct Migration {
  std::vector<MigrationCause> causes;
};

}  // namespace meshproof
