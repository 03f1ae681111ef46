#pragma once

#include <memory>
#include <vector>

#include "model/cluster.h"
#include "solver/all_pairs.h"
#include "solver/engines/all_pairs/certainty.h"
#include "solver/engines/all_pairs/columns.h"
#include "solver/engines/all_pairs/firewalls.h"
#include "solver/engines/all_pairs/peer_sets.h"
#include "solver/engines/all_pairs/port_sets.h"
#include "solver/engines/all_pairs/rows.h"
#include "solver/engines/all_pairs/unmodelled_flows.h"
#include "solver/engines/all_pairs/vnids.h"

namespace meshproof {

/// SEMANTICS SDN-G5.
inline constexpr PortRange kMachineConfigPorts{22623, 22624};

/// Ports that are certainly open, and those that are or may be.
struct TwoPorts {
  PortsId open = PortSets::kAll;
  PortsId possible = PortSets::kAll;

  auto operator<=>(const TwoPorts&) const = default;
};

/// Ports as reports show them: what the network drops for everybody (SEMANTICS SDN-G4) counts as
/// the port below it, so that it cuts no range; it is told once (Reachability::always_dropped). Of
/// a union it is the union, and so of intersections and differences.
[[nodiscard]] PortSet as_shown(const PortSet& ports, const Network& network);

/// Everything that AllPairs has worked out about a cluster, and what follows of it for one pair.
/// Only the files of the engine include this.
struct PairTables {
  /// With `beside`, sets of ports have the same ids as there.
  PairTables(const Cluster& the_cluster, const std::vector<IpAddress>& outside,
             const Cluster* also = nullptr, const PairTables* beside = nullptr);
  /// AllPairs::what_if(); `base` must outlive it.
  PairTables(PairTables& base, const Cluster& after, const std::vector<NamespaceId>& changed);

  const Cluster& cluster;
  bool is_what_if = false;
  std::shared_ptr<const Columns> shared_columns;
  const Columns& columns;
  std::shared_ptr<const Vnids> shared_vnids;
  const Vnids& vnids;
  std::shared_ptr<ColumnSets> shared_sets;
  ColumnSets& sets;
  std::shared_ptr<PortSets> shared_ports;
  PortSets& ports;
  PeerSets peers;
  Rows rows;
  Firewalls firewalls;
  UnmodelledFlows unmodelled;
  PortsId carried;  ///< what the network carries at all from pods (SEMANTICS SDN-G4)

  /// What a row says of one column. O(terms × log runs).
  [[nodiscard]] TwoPorts at(RowId row, Column column);
  /// SEMANTICS SDN-G6: nothing is carried to or from it.
  [[nodiscard]] bool is_mute(Column column) const;
  /// Nothing is certain of the pods of the namespace, whatever rules say (SEMANTICS U1, U3).
  [[nodiscard]] bool is_undecided(NamespaceId ns) const {
    return !cluster.network.unknown_because.empty() || unmodelled.namespaces[ns.value];
  }
  /// The namespace has something of its own, beside policies, that decides between its pods and
  /// hosts: egress firewalls, kinds that are not modelled, a network id that others have too. May
  /// say so where it has not.
  [[nodiscard]] bool has_rules_for_hosts(NamespaceId ns) const;
  /// A multicast address (SEMANTICS F10).
  [[nodiscard]] bool is_multicast(Column column) const;
  /// All statements together.
  [[nodiscard]] TwoPorts between(const PairEnd& src, const PairEnd& dst);

  [[nodiscard]] TwoPorts both(TwoPorts a, TwoPorts b);
  [[nodiscard]] TwoPorts either(TwoPorts a, TwoPorts b);

 private:
  /// An end with its columns.
  struct End {
    PodId pod;          ///< also of a hostNetwork pod
    NodeId node;        ///< where it runs, or which it is
    Column column = 0;  ///< whole
    bool is_on_network = false;
  };
  [[nodiscard]] End sender(const PairEnd& end) const;
  [[nodiscard]] End receiver(const PairEnd& end) const;
  [[nodiscard]] bool share_family(const End& src, const End& dst, bool ipv4) const;
  [[nodiscard]] Certainty on_one_node(const End& src, const End& dst) const;

  [[nodiscard]] TwoPorts between(const End& src, const End& dst);
  [[nodiscard]] TwoPorts in_one_family(const End& src, const End& dst, Column from, Column to);
  [[nodiscard]] TwoPorts admitted(const End& src, const End& dst, Column from, Column to);
  [[nodiscard]] TwoPorts past_firewall(const End& src, const End& dst, Column to);
  [[nodiscard]] TwoPorts past_machine_config(const End& src, const End& dst);
  [[nodiscard]] TwoPorts to_multicast(const End& src, const End& dst);
  [[nodiscard]] TwoPorts heed_unmodelled(const End& src, const End& dst, TwoPorts decided) const;
};

}  // namespace meshproof
