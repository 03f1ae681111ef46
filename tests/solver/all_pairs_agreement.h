#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/cluster.h"

/// The all-pairs engine against evaluate(), flow by flow.
namespace meshproof {

struct Agreement {
  std::size_t flows = 0;  ///< that were compared
  std::size_t open = 0;   ///< of them allowed
  std::size_t unknown = 0;
  std::string difference;  ///< the first; empty if there is none
};

/// Every pair of a pod and a pod, node or one of the addresses, in both directions, at each of the
/// ports and on ICMP.
[[nodiscard]] Agreement compare_all_pairs(const Cluster& cluster,
                                          const std::vector<std::string>& outside,
                                          const std::vector<std::uint16_t>& ports);

/// AllPairs::summarize() against counting each pair. Empty if they agree.
[[nodiscard]] std::string compare_summary(const Cluster& cluster);

}  // namespace meshproof
