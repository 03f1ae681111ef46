#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/ip.h"
#include "model/port_set.h"
#include "model/source.h"

namespace meshproof {

/// One end of a flow that somebody has seen, as it was written down: an object, or an address where
/// no object is named.
struct ObservedEnd {
  std::string ns;
  std::string kind;  ///< `Pod`, `Service`, `Node`, or what made the pod; empty: a pod
  std::string name;
  std::string owner_kind;  ///< what made the pod, if that is told too
  std::string owner_name;
  std::optional<IpAddress> address;

  auto operator<=>(const ObservedEnd&) const = default;
};

/// Flows between two ends to one port, counted.
struct ObservedFlow {
  ObservedEnd src;
  ObservedEnd dst;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;   ///< of the destination
  std::uint64_t count = 0;  ///< how many flows
  Place place;              ///< of the first
};

/// The flows of --flows, each source, destination, protocol and port once, in order of these.
struct ObservedFlows {
  std::vector<ObservedFlow> flows;
  /// When the first began and the last ended, in ms since 1970; empty where no flow tells.
  std::optional<std::int64_t> first_ms;
  std::optional<std::int64_t> last_ms;
};

}  // namespace meshproof
