#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace meshproof {

/// A directed graph of vertices 0, 1, … `vertices` - 1.
struct Links {
  std::uint32_t vertices = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
};

/// Of `targets` those that some way from `root` reaches without passing `gate`: that `gate` does
/// not dominate. In the order given; the gate itself and what no way reaches are none of them. By
/// the dominator tree, O((vertices + edges) log). `root` is not `gate`.
[[nodiscard]] std::vector<std::uint32_t> not_dominated(const Links& links, std::uint32_t root,
                                                       std::uint32_t gate,
                                                       const std::vector<std::uint32_t>& targets);

}  // namespace meshproof
