#pragma once

#include <optional>
#include <vector>

#include "model/cluster.h"

namespace meshproof {

/// The namespaces whose labels or rules differ between two states that differ in nothing else that
/// decides flows: the network, namespaces, nodes, workloads, pods, NetNamespaces and addresses of
/// Services are the same, under the same ids, and so are the symbols of `before`. In id order.
/// Nothing if more differs, or is numbered differently. O(size of the clusters).
[[nodiscard]] std::optional<std::vector<NamespaceId>> changed_rules(const Cluster& before,
                                                                    const Cluster& after);

/// Whether two policies of one namespace are the same but for their names. O(size).
[[nodiscard]] bool say_the_same(const NetworkPolicy& one, const NetworkPolicy& other);

/// True if `after` is what `before` becomes under another network: namespaces, pods, workloads,
/// policies and nodes are the same, under the same ids, and so are all symbols. Nodes may have
/// other pod subnets, and what only one of the networks knows may be in that one only. O(size of
/// the clusters).
[[nodiscard]] bool is_under_another_network(const Cluster& before, const Cluster& after);

}  // namespace meshproof
