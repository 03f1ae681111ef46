#pragma once

#include <string>
#include <vector>

#include "model/cluster.h"
#include "model/suggestion.h"
#include "solver/checks/port_samples.h"
#include "solver/evaluate.h"

/// What a change closes of a flow. Only the files of suggest() include this.
namespace meshproof {

/// A source and an endpoint that the change parts.
struct LostPair {
  FlowEnd src;
  FlowEnd dst;  ///< never a Service: one of its endpoints
  PortSet ports;
  bool by_ingress = false;  ///< NetworkPolicies of the destination refuse
  bool by_egress = false;   ///< NetworkPolicies of the source refuse
};

struct LostFlow {
  std::vector<LostPair> pairs;
  PortSet ports;                 ///< of all pairs
  std::vector<Reason> evidence;  ///< of one of them, in the state after
  std::size_t still_open = 0;    ///< pairs with a port that the change leaves open
  std::size_t closed_before = 0;
  std::string open_because;    ///< of one of these
  std::string closed_because;  ///< of one of those
  std::string undecided;       ///< what is not known about a pair; empty if all is
  std::string impossible;      ///< what refuses a pair and is no NetworkPolicy
};

/// Compares flows in two states, pods by their names.
class LostFlows {
 public:
  /// Refers to both. O(pods + Services).
  LostFlows(const Cluster& before, const Cluster& after);

  /// O(pairs × ports that rules tell apart) evaluations.
  [[nodiscard]] LostFlow find(const KeptFlow& flow);

 private:
  struct Target {
    FlowEnd end;
    PortSet ports;
  };
  [[nodiscard]] std::vector<Target> targets_of(const KeptFlow& flow) const;
  void add_targets(ServiceId service, const KeptFlow& flow, std::vector<Target>& targets) const;
  [[nodiscard]] std::vector<std::pair<Protocol, PortRange>> parts_of(const FlowEnd& src,
                                                                     const Target& target);
  void judge(const FlowEnd& src, const Target& target, LostFlow& lost);

  const Cluster& before_;
  const Cluster& after_;
  Evaluator evaluator_before_;
  Evaluator evaluator_after_;
  PortSamples samples_before_;
  PortSamples samples_after_;
};

/// The end in another state, by its name; nothing if it is not there.
[[nodiscard]] std::optional<FlowEnd> same_end(const FlowEnd& end, const Cluster& of,
                                              const Cluster& in);

}  // namespace meshproof
