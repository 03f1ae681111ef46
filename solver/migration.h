#pragma once

#include "model/cluster.h"
#include "model/migration.h"
#include "model/reachability.h"

namespace meshproof {

/// Why the connections that `change` lists are gained and lost. Both clusters are views of the same
/// objects, under two dialects, or nothing is said; `change` is what compare() says of them. Where
/// several rules bear on one connection, each has its ports. O(connections × classes of their pods
/// × port ranges) evaluations at worst; pods of a class are asked about once.
[[nodiscard]] Migration explain_migration(const Cluster& before, const Cluster& after,
                                          const ReachabilityChange& change);

}  // namespace meshproof
