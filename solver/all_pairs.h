#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "model/cluster.h"
#include "model/port_set.h"
#include "solver/engines/all_pairs/column_sets.h"

namespace meshproof {

/// One end of a pair: a pod (of the pod network or of a node's), a node, or one of the addresses
/// outside that the engine was made with.
struct PairEnd {
  PodId pod;
  NodeId node;
  std::optional<std::size_t> outside;

  static PairEnd of(PodId id) { return {id, {}, {}}; }
  static PairEnd of(NodeId id) { return {{}, id, {}}; }
  static PairEnd of_outside(std::size_t index) { return {{}, {}, index}; }
};

/// The ports of one pair.
struct PairPorts {
  PortSet open;
  PortSet unknown;  ///< that could not be decided; none of `open`
};

/// How much of a cluster is open, in numbers. Pods are those that run or are about to, hostNetwork
/// pods among them.
struct ReachSummary {
  std::size_t namespaces = 0;
  std::size_t pods = 0;
  std::size_t policies = 0;
  /// Distinct senders and receivers, as far as rules tell them apart: pods with equal signatures
  /// (Columns) and equal rules of their own.
  std::size_t source_classes = 0;
  std::size_t destination_classes = 0;
  std::uint64_t allowed_pairs = 0;    ///< ordered pairs of different pods, a port certainly open
  std::uint64_t undecided_pairs = 0;  ///< no port certainly open, some perhaps
  std::size_t isolated_ingress = 0;   ///< pods that some policy isolates; never hostNetwork pods
  std::size_t isolated_egress = 0;
};

/// How the ports of a pair differ between two states.
struct PortChange {
  PortSet gained;     ///< certainly open after, certainly closed before
  PortSet lost;       ///< the other way round
  PortSet undecided;  ///< not decided in one of the states

  bool operator==(const PortChange&) const = default;
};

/// What a change does to pairs of pods of the pod network: every pair of a pod of `one` class with
/// a pod of `others`, but for a pod and itself.
struct PairChange {
  Direction direction = Direction::Ingress;  ///< `one` receives; Egress: it sends
  Column one = 0;
  ColumnSetId others;
  std::uint32_t ports = 0;  ///< which of PairChanges::ports
  std::uint64_t pairs = 0;
};
struct PairChanges {
  std::vector<PairChange> pairs;  ///< each pair of pods in one of them at most
  std::vector<PortChange> ports;  ///< each once
};

struct PairTables;

/// Who reaches whom on which ports, for every pair of ends of a cluster, worked out for classes of
/// ends and kept factorised: for each class of pods the peers that its policies admit and let it
/// reach, each distinct set of peers and of ports once (verification.md 2.1). Both directions, all
/// dialects and modes, hosts with their nodes. Agrees with evaluate(), with which it shares the
/// matching of labels only. Pending pods count as running, completed ones do not.
/// Not for several threads at once.
class AllPairs {
 public:
  /// `outside` are addresses outside of the cluster. Refers to the cluster, which must outlive it.
  /// O(pods × labels + policies × classes of their namespace + distinct peers × what they select).
  /// With `also`, classes are fine enough for its rules too (what_if()).
  explicit AllPairs(const Cluster& cluster, const std::vector<IpAddress>& outside = {},
                    const Cluster* also = nullptr);
  ~AllPairs();
  AllPairs(AllPairs&&) noexcept;
  AllPairs& operator=(AllPairs&&) noexcept;
  AllPairs(const AllPairs&) = delete;
  AllPairs& operator=(const AllPairs&) = delete;

  /// Neither end a completed pod; one of them a pod. O(rules at both ends × log classes).
  [[nodiscard]] PairPorts between(const PairEnd& src, const PairEnd& dst) const;

  /// O(pods + distinct rows × what they hold).
  [[nodiscard]] ReachSummary summarize() const;

  /// The same cluster after a change of labels, policies or egress firewalls of some namespaces;
  /// namespaces, pods, nodes, NetNamespaces, the network and all symbols are those of before, with
  /// the same ids. Works out again only what such namespaces' labels and rules decide. Empty if
  /// that is not enough: rules tell apart what is one class, or this is a what-if already.
  /// Both clusters and this object must outlive the result.
  [[nodiscard]] std::optional<AllPairs> what_if(const Cluster& after,
                                                const std::vector<NamespaceId>& changed) const;

  /// How pairs of pods differ between this and a what_if() of it, class by class; each pair once.
  /// Empty, too, if an ipBlock tells the two address families of some pod apart, where classes are
  /// not enough. O(classes + rows that differ × what they hold).
  [[nodiscard]] std::optional<PairChanges> changes_to(const AllPairs& after) const;

  /// The pods of the classes that have not completed, in id order. O(pods).
  [[nodiscard]] std::vector<PodId> pods_of(ColumnSetId classes) const;
  [[nodiscard]] std::vector<PodId> pods_of(Column pod_class) const;

 private:
  explicit AllPairs(std::unique_ptr<PairTables> tables);

  std::unique_ptr<PairTables> tables_;
};

}  // namespace meshproof
