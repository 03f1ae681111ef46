#pragma once

#include <cstdint>

#include "model/cluster.h"
#include "model/migration.h"
#include "model/reachability.h"

namespace meshproof {

/// Of which flows the reasons are kept; they take most of the memory.
enum class FlowEvidence : std::uint8_t { EachFlow, OneOfEachCause };

/// Why the connections that `change` lists are gained and lost. Both clusters are views of the same
/// objects, under two dialects, or nothing is said; `change` is what compare() says of them. Where
/// several rules bear on one connection, each has its ports. O(connections × port ranges)
/// evaluations where the pods of a workload are alike.
[[nodiscard]] Migration explain_migration(const Cluster& before, const Cluster& after,
                                          const ReachabilityChange& change,
                                          FlowEvidence evidence = FlowEvidence::EachFlow);

}  // namespace meshproof
