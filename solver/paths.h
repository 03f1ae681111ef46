#pragma once

#include <cstddef>
#include <vector>

#include "model/cluster.h"
#include "model/path.h"
#include "solver/slice.h"

namespace meshproof {

struct PathLimits {
  std::size_t max_hops = 5;
  std::size_t max_paths = 10;         ///< shown, of the certain ones and of the possible ones
  PortSet arriving = PortSet::all();  ///< the last hop must be on one of these
  std::vector<PodId> avoided = {};    ///< sorted; no way leads over one of these pods
};

/// The shortest ways by which somebody who holds an end of `from` gets to one of `to`, taking over
/// a workload with each hop. Nodes and what lies outside are no stepping stones. Every hop is an
/// answer of evaluate(), and one pod of each workload on the way takes part in both of its hops:
/// where no workloads can be found for that, ways over single pods are looked for. A way with a hop
/// that is not decided is possible, not certain. Possible ways are given where they are shorter
/// than the certain ones, or there are none of those. No end is in both sides. O(pairs of
/// workloads that rules tell apart, and pods).
[[nodiscard]] AttackPaths find_paths(const Cluster& cluster, const SliceSide& from,
                                     const SliceSide& to, const PathLimits& limits = {});

}  // namespace meshproof
