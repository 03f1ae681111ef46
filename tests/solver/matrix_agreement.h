#pragma once

#include <cstddef>
#include <string>

#include "model/cluster.h"

/// namespace_matrix() against evaluate() and AllPairs, pair by pair of pods.
namespace meshproof {

struct MatrixAgreement {
  std::size_t cells = 0;    ///< that were compared
  std::size_t open = 0;     ///< of them with `some`
  std::size_t partly = 0;   ///< of them where `every` is less than `some`
  std::size_t unknown = 0;  ///< of them with `unknown`
  std::string difference;   ///< the first; empty if there is none
};

/// Shapes of rows, cells, and causes: each must be what decides a flow of its pair, an open one
/// where there is one.
[[nodiscard]] MatrixAgreement compare_matrix(const Cluster& cluster);

}  // namespace meshproof
