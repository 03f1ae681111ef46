#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "model/cluster.h"
#include "model/port_set.h"

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
  explicit AllPairs(const Cluster& cluster, const std::vector<IpAddress>& outside = {});
  ~AllPairs();
  AllPairs(AllPairs&&) noexcept;
  AllPairs& operator=(AllPairs&&) noexcept;
  AllPairs(const AllPairs&) = delete;
  AllPairs& operator=(const AllPairs&) = delete;

  /// Neither end a completed pod; one of them a pod. O(rules at both ends × log classes).
  [[nodiscard]] PairPorts between(const PairEnd& src, const PairEnd& dst) const;

  /// O(pods + distinct rows × what they hold).
  [[nodiscard]] ReachSummary summarize() const;

 private:
  std::unique_ptr<PairTables> tables_;
};

}  // namespace meshproof
