#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/flow.h"
#include "model/port_set.h"

namespace meshproof {

/// An end of the matrix: a project, or a block of addresses outside of the cluster.
struct MatrixEnd {
  std::string name;  ///< `shop`, `0.0.0.0/0`
  bool is_outside = false;
  std::size_t pods = 0;  ///< of the pod network, that run or are about to; of a block 0
};

/// What the pods of one project can send to those of another. Ports as reports show them.
struct MatrixCell {
  PortSet some;                     ///< certainly open between a pair of pods
  PortSet every;                    ///< certainly open between every pair; empty without a pair
  PortSet unknown;                  ///< could not be decided between a pair, and in `some` of none
  std::size_t unknown_because = 0;  ///< in NamespaceMatrix::causes, if `unknown` is not empty

  auto operator<=>(const MatrixCell&) const = default;
};

/// From `begin` on, up to the next run of a row or the end of it.
struct MatrixRun {
  std::uint32_t begin = 0;  ///< in NamespaceMatrix::ends
  std::uint32_t value = 0;

  auto operator<=>(const MatrixRun&) const = default;
};
/// Begins at 0; two neighbours differ. Empty without ends.
using MatrixRow = std::vector<MatrixRun>;

/// Who reaches whom, project by project, and why: any pair can be looked up, though pairs are never
/// held one by one. hostNetwork pods and nodes are no ends: no policy protects them. Neither are
/// pairs of two blocks of addresses, whose cells are empty.
struct NamespaceMatrix {
  std::vector<MatrixEnd> ends;    ///< such that rows are short, not sorted by name
  std::vector<MatrixCell> cells;  ///< each once
  /// Each once: why one direction is open, or closed. The reasons of evaluate() about one flow of
  /// the pair: an open one where there is one.
  std::vector<std::vector<Reason>> causes;
  std::vector<MatrixRow> rows;  ///< each once

  /// In `rows`, by the place of the destination: which of `cells` each source has to it, and by
  /// which of `causes` its own rules let that in or not.
  std::vector<std::uint32_t> cells_of;
  std::vector<std::uint32_t> ingress_of;
  /// In `rows`, by the place of the source: by which of `causes` its own rules let it reach each
  /// destination or not.
  std::vector<std::uint32_t> egress_of;
};

/// The value of a row at a place, which must lie in it. O(log runs).
[[nodiscard]] std::uint32_t value_at(const MatrixRow& row, std::size_t place);

}  // namespace meshproof
