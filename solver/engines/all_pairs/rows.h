#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/all_pairs/columns.h"
#include "solver/engines/all_pairs/flow_limit.h"
#include "solver/engines/all_pairs/hash_consed.h"
#include "solver/engines/all_pairs/peer_sets.h"
#include "solver/engines/all_pairs/policy_terms.h"
#include "solver/engines/all_pairs/port_sets.h"
#include "solver/engines/all_pairs/vnids.h"

namespace meshproof {

using RowId = Id<Row>;

/// The rows of every class of pods, each distinct one once: classes × directions, never classes².
class Rows {
 public:
  /// Finds all rows. O(policies × classes of their namespace + rules). Keeps the cluster and the
  /// columns by reference.
  Rows(const Cluster& cluster, const Columns& columns, const Vnids& vnids, PeerSets& peers,
       PortSets& ports);

  /// The same where some namespaces have other labels or policies, and `peers` says what peers mean
  /// there. Only their rows are found again, and those of policies whose size may differ.
  /// O(classes, copied, + the policies and classes of those namespaces).
  Rows(const Rows& base, const Cluster& after, const Vnids& vnids, PeerSets& peers,
       const std::vector<NamespaceId>& changed);

  /// Of what pods of the class admit (ingress) or may reach (egress), whatever the column's view.
  [[nodiscard]] RowId of(Column pod_class, Direction direction) const {
    return by_class_[static_cast<std::size_t>(direction)][pod_class];
  }
  /// Valid until the next row is found.
  [[nodiscard]] std::span<const RowTerm> at(RowId id) const { return rows_->at(id.value); }
  /// The row that admits everybody on all ports.
  [[nodiscard]] RowId open() const { return open_; }
  /// How many distinct rows there are, of all states.
  [[nodiscard]] std::size_t size() const { return rows_->size(); }
  /// Some policy isolates the class in this direction (SEMANTICS P1).
  [[nodiscard]] bool is_isolated(Column pod_class, Direction direction) const {
    return isolated_[static_cast<std::size_t>(direction)][pod_class];
  }

 private:
  /// The policies that select pods of a class, and what follows.
  struct Selection {
    std::vector<PolicyId> policies;
    std::array<bool, 2> isolated{};
    std::array<RowId, 2> rows;
    bool is_of_class = false;  ///< the pods' own named ports count too
  };
  /// A policy of the namespace that is looked at.
  struct Candidate {
    bool is_known = false;
    PolicyTerms::Terms terms;
  };
  /// What lasts as long as rows are being found.
  struct Search {
    PolicyTerms policies;
    std::vector<Candidate> candidates = {};
    std::vector<Selection> selections = {};
    std::size_t found = 0;  ///< how many of the selections are of this namespace
    Row row = {};
  };

  void find(NamespaceId ns, Search& search);
  [[nodiscard]] const Selection& selection_of(Column pod_class,
                                              const std::vector<PolicyId>& selecting,
                                              Search& search);
  void settle(Selection& selection, Column pod_class, Search& search);
  [[nodiscard]] const PolicyTerms::Terms& terms_of(PolicyId id, Search& search);
  [[nodiscard]] RowId unlimited(NamespaceId ns, Direction direction);
  [[nodiscard]] bool selects(const NetworkPolicy& policy, Column pod_class) const;
  [[nodiscard]] RowId intern(Row& row);

  const Cluster& cluster_;
  const Columns& columns_;
  const Vnids& vnids_;
  PeerSets& peers_;
  PortSets& ports_;
  FlowLimit limit_;
  std::shared_ptr<HashConsedLists<RowTerm>> rows_;
  RowId open_;
  /// By selector of namespaces: where policies have peers with it, as far as their size counts.
  std::vector<std::vector<NamespaceId>> users_;
  std::array<std::vector<RowId>, 2> by_class_;
  std::array<std::vector<bool>, 2> isolated_;
};

}  // namespace meshproof
