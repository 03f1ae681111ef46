#pragma once

#include <cstdint>
#include <vector>

#include "model/cluster.h"
#include "model/flow.h"
#include "solver/evaluate.h"

namespace meshproof {

/// Where a Service leads to: an endpoint and the port there.
struct ServiceTarget {
  FlowEnd end;
  std::uint16_t port = 0;
};

/// The port at an endpoint: what the Service translates to (S4), or the one asked for (S6).
struct WantedPort {
  const ServicePort* offered = nullptr;  ///< none: nothing is translated
  std::uint16_t port = 0;
};

/// SEMANTICS S3: the endpoints of the input, else the running pods that the selector picks. None
/// where the Service has no endpoint for the port. O(endpoints), or O(pods of the namespace).
[[nodiscard]] std::vector<ServiceTarget> service_targets(const Cluster& cluster,
                                                         const Service& service,
                                                         const WantedPort& wanted,
                                                         PendingPods pending);

}  // namespace meshproof
