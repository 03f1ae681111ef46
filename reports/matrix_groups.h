#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/isolation_report.h"

namespace meshproof {

/// Pairs of different ends, with a pod each or outside, by what is open between them.
struct GroupCell {
  std::uint64_t pairs = 0;
  std::uint64_t open = 0;     ///< some port between some of their pods
  std::uint64_t unknown = 0;  ///< none certainly open, some perhaps

  [[nodiscard]] std::uint64_t closed() const { return pairs - open - unknown; }
};

/// From each group to each: `[source][destination]`. O(runs of rows × groups).
[[nodiscard]] std::vector<std::vector<GroupCell>> group_cells(const ReportedMatrix& matrix);

/// `3 of 40 open`, `all 40 open`, of a single pair `open`, `closed`, `no pair`; unknown ones are
/// told.
[[nodiscard]] std::string group_cell_words(const GroupCell& cell);

/// `all ports`, `TCP 8080`, `some pods: TCP 8080`, `closed`, `not known`.
[[nodiscard]] std::string matrix_cell_words(const MatrixCell& cell);

}  // namespace meshproof
