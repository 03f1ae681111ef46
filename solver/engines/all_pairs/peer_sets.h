#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/all_pairs/address_index.h"
#include "solver/engines/all_pairs/column_sets.h"
#include "solver/engines/all_pairs/columns.h"
#include "solver/engines/all_pairs/selector_sets.h"
#include "solver/engines/all_pairs/vnids.h"

namespace meshproof {

/// A peer of rules, as a set of columns, known to PeerSets.
using PeerId = Id<struct PeerKey>;

/// SEMANTICS F9, for many ends at once: who certainly is a peer, and who is or may be.
struct TwoRuns {
  ColumnRuns yes;
  ColumnRuns possible;  ///< holds `yes`

  static TwoRuns certain(ColumnRuns runs) { return {runs, runs}; }
};
struct TwoSets {
  ColumnSetId yes;
  ColumnSetId possible;

  auto operator<=>(const TwoSets&) const = default;
};

/// What makes two peers the same. Selectors that look at one namespace only, and what a network id
/// means, depend on it.
struct PeerKey {
  enum class Kind : std::uint8_t {
    Everybody,
    PerhapsEverybody,  ///< undefined: not certainly anybody
    Selectors,
    Block,
    SameNetwork,  ///< SEMANTICS SDN-M
    PortName,     ///< those of another peer that give a port this name (SEMANTICS P11)
  };
  Kind kind = Kind::Everybody;
  Direction direction = Direction::Ingress;
  SelectorId namespaces = {};
  SelectorId pods = {};
  NamespaceId ns = {};  ///< where it counts
  std::uint32_t block = 0;
  PeerId base = {};  ///< of a PortName
  std::uint32_t port = 0;

  auto operator<=>(const PeerKey&) const = default;
};

/// Which ends each peer of each rule means, found once for equal peers (SEMANTICS P5–P9 and the
/// dialects' rules). Keeps what it is given by reference.
class PeerSets {
 public:
  PeerSets(const Cluster& cluster, const Columns& columns, const Vnids& vnids, ColumnSets& sets);

  static constexpr PeerId kEverybody{0};
  static constexpr PeerId kPerhapsEverybody{1};

  [[nodiscard]] PeerId intern(const PolicyPeer& peer, NamespaceId policy_ns, Direction direction);
  /// SEMANTICS SDN-M1–SDN-M4.
  [[nodiscard]] PeerId same_network(NamespaceId ns);

  /// The port that a named port means at those who name it, with the peers narrowed to them.
  struct NamedPeer {
    PeerId peer;
    std::uint16_t port = 0;
  };
  [[nodiscard]] std::vector<NamedPeer> with_port(PeerId base, const PolicyPort& port);

  [[nodiscard]] const TwoSets& at(PeerId id) const { return sets_of_[id.value]; }
  [[nodiscard]] std::size_t size() const { return keys_.size(); }
  [[nodiscard]] SelectorSets& selectors() { return selectors_; }
  [[nodiscard]] const AddressIndex& addresses() const { return addresses_; }

 private:
  void find_odd_networks();
  void find_hosts();
  [[nodiscard]] PeerId intern(const PeerKey& key);
  [[nodiscard]] TwoRuns find(const PeerKey& key);
  [[nodiscard]] TwoRuns selected(const PeerKey& key);
  [[nodiscard]] ColumnRuns pods_by_labels(const PeerKey& key);
  [[nodiscard]] bool labels_select(const PeerKey& key, const Pod& pod) const;
  // openshift-sdn
  [[nodiscard]] TwoRuns sdn_selected(const PeerKey& key);
  [[nodiscard]] TwoRuns by_vnid(const LabelSelector& selector, SelectorId id);
  [[nodiscard]] TwoRuns by_address(const PeerKey& key);
  [[nodiscard]] TwoRuns sdn_whole_namespace(NamespaceId ns) const;
  [[nodiscard]] TwoRuns on_network_of(NamespaceId ns) const;
  // ovn-kubernetes
  [[nodiscard]] TwoRuns ovn_selected(const PeerKey& key);
  [[nodiscard]] ColumnRuns ovn_host_traffic(Direction direction) const;

  const Cluster& cluster_;
  const Columns& columns_;
  const Vnids& vnids_;
  ColumnSets& sets_;
  SelectorSets selectors_;
  AddressIndex addresses_;
  std::vector<PeerKey> keys_;
  std::vector<TwoSets> sets_of_;
  std::map<PeerKey, std::uint32_t> ids_;
  std::vector<IpBlock> blocks_;
  std::map<std::pair<Cidr, std::vector<Cidr>>, std::uint32_t> block_ids_;
  std::map<std::pair<std::string, Protocol>, std::map<std::uint16_t, ColumnRuns>> port_names_;
  /// The classes of namespaces whose network id is not known, shared by NetNamespaces, or 0.
  ColumnRuns unknown_networks_;
  ColumnRuns shared_networks_;
  ColumnRuns global_networks_;
  std::vector<NamespaceId> odd_networks_;   ///< that are not ordinary (Vnids)
  std::vector<PodId> host_pods_;            ///< that have not completed
  std::map<NodeId, ColumnRuns> receivers_;  ///< host columns by node, also by the invalid one
};

}  // namespace meshproof
