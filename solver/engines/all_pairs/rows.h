#pragma once

#include <array>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/all_pairs/columns.h"
#include "solver/engines/all_pairs/flow_limit.h"
#include "solver/engines/all_pairs/hash_consed.h"
#include "solver/engines/all_pairs/peer_sets.h"
#include "solver/engines/all_pairs/port_sets.h"
#include "solver/engines/all_pairs/vnids.h"

namespace meshproof {

/// Some peers, and the ports on which they are admitted.
struct RowTerm {
  PeerId peer;
  PortsId ports;

  auto operator<=>(const RowTerm&) const = default;
};

/// What all policies of one direction together admit at a pod: the union of its terms. Sorted, each
/// term once. Not isolated: everybody on all ports.
using Row = std::vector<RowTerm>;
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
  /// What the rules of a policy admit in one direction. Ports by name wait for who gives the name.
  struct Terms {
    Row row;
    std::vector<std::pair<PeerId, PolicyPort>> named;
  };

  void find(NamespaceId ns);
  [[nodiscard]] Row row_of(const std::vector<PolicyId>& policies, Column pod_class,
                           Direction direction);
  [[nodiscard]] bool selects(const NetworkPolicy& policy, Column pod_class) const;
  const Terms& terms_of(PolicyId id, Direction direction);
  void note_user(const LabelSelector& selector, NamespaceId ns);
  void add_rule(const PolicyRule& rule, NamespaceId ns, Direction direction, Terms& terms);
  void add_term(Row& row, PeerId peer, const PortSet& ports);
  [[nodiscard]] RowId intern(Row row);

  const Cluster& cluster_;
  const Columns& columns_;
  const Vnids& vnids_;
  PeerSets& peers_;
  PortSets& ports_;
  FlowLimit limit_;
  std::shared_ptr<HashConsedLists<RowTerm>> rows_;
  RowId open_;
  std::vector<std::unique_ptr<Terms>> terms_;  ///< by policy and direction, where they were asked
  /// By selector of namespaces: where policies have peers with it.
  std::vector<std::vector<NamespaceId>> users_;
  std::array<std::vector<RowId>, 2> by_class_;
  std::array<std::vector<bool>, 2> isolated_;
};

}  // namespace meshproof
