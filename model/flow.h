#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/cluster.h"

namespace meshproof {

/// One end of a flow: a pod, an address (of a pod, a node, a service or outside; evaluate() finds
/// out which), or a Service.
using FlowEnd = std::variant<PodId, IpAddress, ServiceId>;

/// A new connection (or datagram). A Service is a destination only; `port` is then its own port.
struct Flow {
  FlowEnd src;
  FlowEnd dst;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
};

enum class Access : std::uint8_t { Denied, Allowed, Unknown };

/// Why one direction of a flow is open or closed: the deciding policy, rule, peer and port where
/// there are any. Indices count from 0; -1 means "none decided".
struct Reason {
  Direction direction = Direction::Ingress;
  std::string rule_id;  ///< of docs/SEMANTICS.md: `P4`, `SDN-M2`
  std::string policy;   ///< `NetworkPolicy shop/istio-mesh-basic`; empty if no object decided
  int rule = -1;
  int peer = -1;
  int port = -1;
  Place place;
  std::string text;  ///< one sentence, without a full stop
};

/// What evaluate() says of a flow. There is always at least one reason; Unknown names what is not
/// modelled.
struct Decision {
  Access access = Access::Denied;
  std::vector<Reason> reasons;

  [[nodiscard]] bool is_allowed() const { return access == Access::Allowed; }
};

/// `shop/web`, `203.0.113.9`, `svc:shop/web`.
[[nodiscard]] std::string to_string(const FlowEnd& end, const Cluster& cluster);

}  // namespace meshproof
