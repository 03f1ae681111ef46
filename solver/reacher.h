#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/cluster.h"
#include "model/reachability.h"
#include "solver/checks/port_samples.h"
#include "solver/engines/all_pairs/pair_tables.h"
#include "solver/evaluate.h"
#include "solver/reach_ends.h"
#include "solver/reachability.h"

/// How reach() and compare() find their answers. Only their files include this.
namespace meshproof {

/// What is asked: a pod or an address, or a node, which a Flow cannot name as a source.
struct Asked {
  FlowEnd end;
  NodeId node = {};
};

/// The ports of one pair of pods, addresses or nodes.
struct PairAnswer {
  PortSet open;
  PortSet unknown;
  std::string unknown_because;  ///< of the first flow that could not be decided
};

/// The first protocol and its first port; the set must not be empty.
[[nodiscard]] std::pair<Protocol, std::uint16_t> first_of(const PortSet& ports);

/// The answers of all pairs of pods of two ends together.
struct EndsAnswer {
  PortSet open;     ///< between some pair
  PortSet every;    ///< between every pair
  PortSet unknown;  ///< between some pair
  std::string unknown_because;
  bool mixed = false;  ///< pairs differ
  bool asked = false;  ///< there is a pair

  void add(const PairAnswer& answer);
};

/// The answers at samples, each spread over the range that it begins.
[[nodiscard]] PairAnswer spread(
    const std::vector<PortSample>& samples,
    const std::function<Decision(Protocol protocol, std::uint16_t port)>& decide);

/// The answers of the all-pairs engine, by ends as reports name them. evaluate() is asked for
/// reasons, and about addresses that the engine does not know.
class Reacher {
 public:
  /// What there is between two ends.
  struct Answer {
    EndpointName src;
    EndpointName dst;
    EndsAnswer ports;
  };

  /// All are kept by reference. With `also`, classes are fine enough for its rules too; `beside` is
  /// one that was made of it, and sets of ports have the same ids in both.
  Reacher(const Cluster& cluster, const ReachScope& scope, const Cluster* also = nullptr,
          const Reacher* beside = nullptr);
  /// The state after a change of the rules of some namespaces (AllPairs::what_if()), for which the
  /// classes of `before` must suffice. Its ends are those of `before`, which must outlive it.
  Reacher(Reacher& before, const Cluster& after, const std::vector<NamespaceId>& changed);

  /// Every pair of ends of the scope with a port that is open or unknown, in order. O(pairs of
  /// classes of the ends × rules at both).
  [[nodiscard]] std::vector<Answer> run();
  /// The same one by one, until `take` says false.
  void run(const std::function<bool(Answer)>& take);

  /// Every workload with a running pod, node and block of the scope, sorted by name.
  [[nodiscard]] std::vector<ReachEnd> ends() const;
  /// What there is between two ends, of which one at least must be a workload.
  [[nodiscard]] EndsAnswer join(const ReachEnd& src, const ReachEnd& dst);

  /// One that is asked, and the name of its pod; nodes and blocks have none.
  struct Member {
    std::string_view name;
    Asked asked;
  };
  /// The running pods of an end in order of their names, or the node or the block's sample.
  [[nodiscard]] std::vector<Member> members(const ReachEnd& end) const;

  /// Those of an end that may differ in what they have to do with another one: where one of both is
  /// a host the nodes of pods count.
  [[nodiscard]] static std::vector<Asked> asked_beside(const ReachEnd& end, const ReachEnd& other);

  /// O(rules at both ends × log classes), but for addresses that are no block's sample.
  [[nodiscard]] PairAnswer ask(const Asked& src, const Asked& dst);
  [[nodiscard]] Decision decide(const Asked& src, const Asked& dst, Protocol protocol,
                                std::uint16_t port) const;
  [[nodiscard]] const Cluster& cluster() const { return cluster_; }
  [[nodiscard]] const Columns& columns() const { return tables_.columns; }
  [[nodiscard]] PairTables& tables() { return tables_; }
  /// The class of an end as it sends; of a workload that of its first pod.
  [[nodiscard]] Column sender(const ReachEnd& end) const;
  /// Ports as reports show them.
  [[nodiscard]] PortSet shown(const PortSet& ports) const;

 private:
  Reacher(const Cluster& cluster, const ReachScope& scope, const std::vector<OutsideBlock>& blocks,
          const Cluster* also, const Reacher* beside);
  [[nodiscard]] ReachEnd workload_end(WorkloadId id) const;
  [[nodiscard]] ReachEnd pod_end(PodId id) const;
  [[nodiscard]] std::vector<ReachEnd> workload_ends(
      const std::optional<std::vector<WorkloadId>>& wanted) const;
  [[nodiscard]] std::vector<ReachEnd> ends_among(
      const std::optional<std::vector<WorkloadId>>& wanted) const;
  void find_other_ends(const std::vector<OutsideBlock>& blocks);
  [[nodiscard]] std::optional<PairEnd> pair_end(const Asked& asked) const;
  [[nodiscard]] const PairAnswer& answer_of(TwoPorts ports);
  [[nodiscard]] PairAnswer ask_one_by_one(const Asked& src, const Asked& dst);
  [[nodiscard]] std::string why_unknown(const Asked& src, const Asked& dst,
                                        const PortSet& unknown) const;
  [[nodiscard]] const Evaluator& evaluator() const;

  const Cluster& cluster_;
  const ReachScope& scope_;
  std::map<IpAddress, std::size_t> outside_;  ///< the samples that the engine knows
  PairTables tables_;
  PodClasses classes_;
  std::map<EndpointName, ReachEnd> others_;     ///< nodes and blocks of addresses
  std::map<TwoPorts, PairAnswer> answers_;      ///< as reports show them
  mutable std::optional<Evaluator> evaluator_;  ///< made when first needed
  std::optional<PortSamples> samples_;          ///< the same
};

}  // namespace meshproof
