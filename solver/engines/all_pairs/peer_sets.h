#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/all_pairs/address_index.h"
#include "solver/engines/all_pairs/column_sets.h"
#include "solver/engines/all_pairs/columns.h"
#include "solver/engines/all_pairs/hash_consed.h"
#include "solver/engines/all_pairs/selector_sets.h"
#include "solver/engines/all_pairs/vnids.h"

namespace meshproof {

/// A peer of rules, as a set of columns, known to PeerSets.
using PeerId = Id<struct PeerKey>;

/// SEMANTICS F9, for many ends at once: who certainly is a peer, and who is or may be.
struct TwoRuns {
  ColumnRuns yes;
  ColumnRuns possible;  ///< holds `yes`

  static TwoRuns certain(const ColumnRuns& runs) { return {runs, runs}; }
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
  PeerId base = {};        ///< of a PortName
  std::uint32_t name = 0;  ///< the same
  std::uint16_t port = 0;  ///< the same

  bool operator==(const PeerKey&) const = default;
  /// It means other ends in each namespace.
  [[nodiscard]] bool is_of_namespace() const {
    return kind == Kind::SameNetwork || (kind == Kind::Selectors && !namespaces.is_valid());
  }
};
[[nodiscard]] std::uint64_t hash_of(const PeerKey& key);

/// Which ends each peer of each rule means, found once for equal peers (SEMANTICS P5–P9 and the
/// dialects' rules). Keeps what it is given by reference.
class PeerSets {
 public:
  PeerSets(const Cluster& cluster, const Columns& columns, const Vnids& vnids, ColumnSets& sets);

  /// The same peers where some namespaces have other labels: only those that select by these are
  /// looked at again. Refers to `base`.
  PeerSets(PeerSets& base, const Cluster& after, const Vnids& vnids,
           const std::vector<NamespaceId>& changed);

  static constexpr PeerId kEverybody{0};
  static constexpr PeerId kPerhapsEverybody{1};

  /// What a peer of a rule is, but for `ns` where that counts.
  [[nodiscard]] PeerKey key_of(const PolicyPeer& peer, Direction direction);
  [[nodiscard]] PeerId intern(const PeerKey& key);
  /// SEMANTICS SDN-M1–SDN-M4.
  [[nodiscard]] PeerId same_network(NamespaceId ns);

  /// The port that a named port means at those who name it, with the peers narrowed to them.
  struct NamedPeer {
    PeerId peer;
    std::uint16_t port = 0;
  };
  [[nodiscard]] std::vector<NamedPeer> with_port(PeerId base, const PolicyPort& port);

  [[nodiscard]] const TwoSets& at(PeerId id) const { return sets_of_[id.value]; }
  /// Every peer that was interned here, or in the base before.
  [[nodiscard]] std::vector<PeerId> all() const;
  /// Above the number of every peer, of all states.
  [[nodiscard]] std::size_t size() const { return book_->keys.size(); }
  /// The peers that mean other ends than in the base.
  [[nodiscard]] const std::vector<PeerId>& changed() const { return changed_; }
  [[nodiscard]] SelectorSets& selectors() { return selectors_; }
  [[nodiscard]] const AddressIndex& addresses() const { return *addresses_; }

 private:
  /// What all states share.
  struct Book {
    HashConsed<PeerKey, hash_of> keys;
    std::vector<IpBlock> blocks;
    std::map<std::pair<Cidr, std::vector<Cidr>>, std::uint32_t> block_ids;
    /// Who gives a port this name: by number.
    struct PortName {
      std::uint32_t id = 0;
      std::map<std::uint16_t, ColumnRuns> classes;
    };
    std::map<std::pair<std::string, Protocol>, PortName> port_names;
    std::vector<const ColumnRuns*> named;  ///< of each peer by name; else null
    std::map<SelectorId, std::vector<PeerId>> by_namespaces;
    std::map<PeerId, std::vector<PeerId>> by_base;
  };

  [[nodiscard]] const Book::PortName& port_name(const PolicyPort& port);
  void settle(PeerId id, TwoSets sets);
  [[nodiscard]] TwoSets narrowed(PeerId base, const ColumnRuns& classes);
  void find_odd_networks();
  void find_hosts();
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
  std::shared_ptr<const AddressIndex> addresses_;
  std::shared_ptr<Book> book_;
  std::vector<TwoSets> sets_of_;  ///< by peer; invalid if it is not from here
  std::vector<PeerId> changed_;
  /// The classes of namespaces whose network id is not known, shared by NetNamespaces, or 0.
  ColumnRuns unknown_networks_;
  ColumnRuns shared_networks_;
  ColumnRuns global_networks_;
  std::vector<NamespaceId> odd_networks_;   ///< that are not ordinary (Vnids)
  std::map<NodeId, ColumnRuns> receivers_;  ///< host columns by node, also by the invalid one
};

}  // namespace meshproof
