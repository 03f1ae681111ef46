#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "solver/reacher.h"
#include "solver/slice.h"

/// The ends of a slice, and answers for pairs of their members. Only the files of slices and paths
/// include this.
namespace meshproof {

/// One that is asked. Members with one id have the same answers.
struct SliceMember {
  Asked asked;
  std::size_t id = 0;
};

struct SliceEnd {
  enum class Kind : std::uint8_t { Workload, Pod, Service, Host };  ///< Host: a node or an address
  EndpointName name;
  Kind kind = Kind::Workload;
  std::vector<SliceMember> members;  ///< of pods one of each class and node, and a second one
  std::vector<SliceMember> plain;    ///< the same, whatever the node
  std::vector<PodId> pods;           ///< all of them that run
  std::set<PodId> endpoints;         ///< of a Service
  bool leads_to_hosts = false;       ///< a Service with an endpoint off the pod network
  bool by_node = false;              ///< which node a pod runs on may matter to this end

  [[nodiscard]] bool is_pods() const { return kind == Kind::Workload || kind == Kind::Pod; }
};

/// Ends that differ in nothing that decides whom they reach and who reaches them, another one of
/// them included.
struct AlikeEnds {
  std::vector<const SliceEnd*> ends;  ///< in the order in which they were given
  /// Those with one number are alike where nodes do not count: they do where one of both ends is
  /// `by_node`.
  std::size_t plain = 0;
  bool by_node = false;
};

/// What lies outside in the blocks of a side, as ends: of an empty side, everything.
[[nodiscard]] std::vector<OutsideBlock> outside_of(const Cluster& cluster,
                                                   const std::optional<SliceSide>& side);

/// A scope without ends that knows the addresses outside of both sides.
[[nodiscard]] ReachScope scope_for(const Cluster& cluster, const std::optional<SliceSide>& from,
                                   const std::optional<SliceSide>& to);

/// Names the ends of slices of one cluster and asks evaluate() about their members.
class SliceEnds {
 public:
  /// For the ends of these sides. Keeps the cluster by reference.
  SliceEnds(const Cluster& cluster, const std::optional<SliceSide>& from,
            const std::optional<SliceSide>& to);

  /// Of an empty side every workload, node and block outside. Services only if it `receives`.
  [[nodiscard]] std::vector<SliceEnd> of(const std::optional<SliceSide>& side, bool receives,
                                         bool by_pod);
  /// The members of an end that may differ in what they have to do with another one, which is no
  /// Service.
  [[nodiscard]] static const std::vector<SliceMember>& members_beside(const SliceEnd& end,
                                                                      const SliceEnd& other) {
    const bool are_alike = end.is_pods() && !end.by_node && !other.by_node;
    return are_alike ? end.plain : end.members;
  }
  /// The members of `src` that may differ in what they reach of `dst`, where it is a Service; else
  /// all.
  [[nodiscard]] std::vector<SliceMember> members_towards(const SliceEnd& src,
                                                         const SliceEnd& dst) const;
  /// All ends, each in one list; the lists in the order of their first ends. `is_apart`: of ends
  /// that are like no other one, because they share pods with ends that are asked about. Refers to
  /// the ends. O(ends × log ends); the first time flow_classes().
  [[nodiscard]] std::vector<AlikeEnds> alike(const std::vector<SliceEnd>& ends,
                                             const std::function<bool(const SliceEnd&)>& is_apart);
  /// What all pairs of their members have together, no pod with itself.
  [[nodiscard]] EndsAnswer between(const SliceEnd& src, const SliceEnd& dst);
  /// Services are slow; what was asked of them before is remembered.
  [[nodiscard]] PairAnswer ask(const SliceMember& src, const SliceMember& dst);
  [[nodiscard]] Decision decide(const SliceMember& src, const SliceMember& dst, Protocol protocol,
                                std::uint16_t port) const {
    return reacher_.decide(src.asked, dst.asked, protocol, port);
  }

 private:
  using Ends = std::vector<SliceEnd>;

  void add_pods(Ends& ends, const SliceSide& side, bool by_pod) const;
  void add_hosts(Ends& ends, const SliceSide& side);
  void add_services(Ends& ends, const SliceSide& side);
  [[nodiscard]] SliceEnd pod_end(PodId id) const;
  [[nodiscard]] SliceEnd workload_end(WorkloadId id) const;
  [[nodiscard]] SliceMember member(PodId pod) const { return {{pod}, classes_.noded(pod)}; }
  void add_pod(SliceEnd& end, PodId pod) const;
  [[nodiscard]] SliceEnd other_end(EndpointName name, SliceEnd::Kind kind, const Asked& asked);
  [[nodiscard]] PairAnswer ask_by_port(const Asked& src, const Asked& dst);
  [[nodiscard]] SliceMember member_towards(PodId pod, const SliceEnd& service) const;

  const Cluster& cluster_;
  const ReachScope scope_;
  Reacher reacher_;
  PodClasses classes_;
  std::vector<std::uint32_t> flow_classes_;  ///< made when first needed
  PortSamples samples_;
  std::size_t next_id_ = 0;  // beyond those of classes
  std::map<std::pair<std::size_t, std::size_t>, PairAnswer> answers_;
};

}  // namespace meshproof
