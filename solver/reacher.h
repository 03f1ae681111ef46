#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/cluster.h"
#include "model/reachability.h"
#include "solver/checks/port_samples.h"
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

/// Asks evaluate() about one pair of pods of each pair of classes and one port of each range that
/// no rule tells apart, and remembers the answers.
class Reacher {
 public:
  using Answers = std::map<std::pair<EndpointName, EndpointName>, EndsAnswer>;

  /// Both are kept by reference.
  Reacher(const Cluster& cluster, const ReachScope& scope);

  /// Every pair of ends of the scope with a port that is open or unknown.
  [[nodiscard]] Answers run();

  /// The running pods of a workload by name, or the node or the block's sample under "".
  [[nodiscard]] std::map<std::string, Asked> members(const EndpointName& name) const;

  /// O(1) for two pods of classes that were asked before.
  [[nodiscard]] PairAnswer ask(const Asked& src, const Asked& dst);
  [[nodiscard]] Decision decide(const Asked& src, const Asked& dst, Protocol protocol,
                                std::uint16_t port) const;

 private:
  [[nodiscard]] ReachEnd workload_end(const Workload& workload) const;
  [[nodiscard]] ReachEnd pod_end(PodId id) const;
  [[nodiscard]] std::vector<ReachEnd> workload_ends(
      const std::optional<std::vector<WorkloadId>>& wanted) const;
  void find_other_ends();
  [[nodiscard]] bool is_asked(const ReachEnd& src, const ReachEnd& dst) const;
  [[nodiscard]] EndsAnswer join(const ReachEnd& src, const ReachEnd& dst);
  [[nodiscard]] EndsAnswer join_workloads(const ReachEnd& src, const ReachEnd& dst);
  const PairAnswer& ask_pods(PodId src, PodId dst);
  [[nodiscard]] PairAnswer ask_ports(const Asked& src, const Asked& dst);
  [[nodiscard]] std::vector<Asked> asked_of(const ReachEnd& end) const;

  const Cluster& cluster_;
  const ReachScope& scope_;
  Evaluator evaluator_;
  PortSamples samples_;
  PodClasses classes_;
  std::map<EndpointName, WorkloadId> workloads_;
  std::map<EndpointName, ReachEnd> others_;  ///< nodes and blocks of addresses
  /// Plain and noded classes have different ids.
  std::map<std::pair<PodClassId, PodClassId>, PairAnswer> answers_;
};

}  // namespace meshproof
