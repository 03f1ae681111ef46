#include "model/namespace_matrix.h"

#include <algorithm>
#include <iterator>

namespace meshproof {

std::uint32_t value_at(const MatrixRow& row, std::size_t place) {
  const auto behind = std::ranges::upper_bound(row, place, {}, &MatrixRun::begin);
  return std::prev(behind)->value;
}

}  // namespace meshproof
