#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "model/coverage.h"
#include "model/diagnostic.h"
#include "model/tree.h"

namespace meshproof {

/// The ledger that meshproof writes beside the objects of a List (docs/FORMATS.md, "Coverage").
struct WrittenCoverage {
  std::vector<std::pair<Part, Listing>> listings;  ///< with origin 0
  bool knows_all = false;  ///< what does not stand in it was never collected
  /// The live cluster that it was taken of, if it says one: server, identity, time and
  /// resourceVersion.
  std::optional<Origin> taken = {};
};

/// The `coverage` of a List; nothing if it has none. What is not as meshproof writes it is the
/// error `wrong-type`. The user's word of an earlier run (`assumedEmpty`) is not taken over.
/// O(listings).
[[nodiscard]] std::optional<WrittenCoverage> read_written_coverage(const Tree& list,
                                                                   Diagnostics& diagnostics);

}  // namespace meshproof
