#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/all_pairs/columns.h"
#include "solver/engines/all_pairs/flow_limit.h"
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

  /// Of what pods of the class admit (ingress) or may reach (egress), whatever the column's view.
  [[nodiscard]] RowId of(Column pod_class, Direction direction) const {
    return by_class_[static_cast<std::size_t>(direction)][pod_class];
  }
  [[nodiscard]] const Row& at(RowId id) const { return rows_[id.value]; }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
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
  void add_rule(const PolicyRule& rule, NamespaceId ns, Direction direction, Terms& terms);
  void add_term(Row& row, PeerId peer, const PortSet& ports);
  [[nodiscard]] RowId intern(Row row);

  const Cluster& cluster_;
  const Columns& columns_;
  const Vnids& vnids_;
  PeerSets& peers_;
  PortSets& ports_;
  FlowLimit limit_;
  std::vector<Row> rows_;
  std::map<Row, std::uint32_t> ids_;
  std::map<std::pair<PolicyId, Direction>, Terms> terms_;
  std::vector<RowId> by_class_[2];
  std::vector<bool> isolated_[2];
};

}  // namespace meshproof
