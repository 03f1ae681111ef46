#pragma once

#include "model/cluster.h"
#include "model/migration.h"
#include "model/reachability.h"

namespace meshproof {

/// What another network changes, and why.
struct NetworkChange {
  ReachabilityChange change;
  Migration migration;
};

/// Compares a cluster with itself under another network (is_under_another_network(), or the network
/// is the same and nothing changes). Every port of every changed connection is in one cause. Where
/// several connections differ in nothing that rules can see, one of them was asked for all:
/// O(groups × what their rules tell apart × port ranges) evaluations. Keeps both by reference.
[[nodiscard]] NetworkChange compare_networks(const Cluster& before, const Cluster& after);

}  // namespace meshproof
