#pragma once

#include "cli/endpoint.h"
#include "model/cluster.h"

namespace meshproof {

/// Every part of a block that rules can tell apart: its running pods, the other addresses that
/// evaluate() knows (of nodes and Services), and one more address for each range between borders of
/// ipBlocks, firewalls and networks. At most 256: ranges first, pods last. O((pods + borders) log).
[[nodiscard]] EndpointParts parts_of(const Cidr& block, const Cluster& cluster);

/// One address for each range outside of the cluster that rules can tell apart. Without multicast,
/// which nobody has. IPv6 only where something speaks of it.
[[nodiscard]] EndpointParts parts_outside(const Cluster& cluster);

}  // namespace meshproof
