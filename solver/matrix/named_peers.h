#pragma once

#include <array>
#include <vector>

#include "solver/engines/all_pairs/pair_tables.h"
#include "solver/matrix/matrix_places.h"

namespace meshproof {

/// What the rules of projects ask about the other end of a flow. Keeps the tables by reference.
class NamedPeers {
 public:
  /// Adds every peer of every policy to those of the tables, also of rules that admit nothing.
  /// O(policies × rules).
  explicit NamedPeers(PairTables& tables);

  /// The sets that tell other ends apart for the pods of a place, in the direction in which its own
  /// rules decide. Ends that none of them tells apart are decided alike, and by the same rules.
  [[nodiscard]] std::vector<ColumnSetId> sets_of(const MatrixPlace& place,
                                                 Direction direction) const;

 private:
  void add(const NetworkPolicy& policy);
  void find_common_sets();

  PairTables& tables_;
  /// By direction and namespace.
  std::array<std::vector<std::vector<PeerId>>, 2> peers_;
  std::vector<ColumnSetId> common_;  ///< that matter to everybody
};

}  // namespace meshproof
