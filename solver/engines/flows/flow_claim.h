#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "solver/engines/flows/flow_problem.h"

namespace meshproof {

class FlowTerms;

/// One of the states that a claim speaks of, where it speaks of several: what is not always in
/// effect, and when it is.
struct FlowView {
  std::map<PolicyId, Formula> policies;  ///< others are in effect
  /// The namespace has its labels of the cluster if this holds, and else its old ones.
  std::map<NamespaceId, Formula> relabelled;
};

/// What claims look at beside policies: words that must not fall together with others.
struct FlowWords {
  LabelDomains namespaces;
  LabelDomains source;
  LabelDomains destination;
  std::vector<Cidr> blocks;
  std::vector<std::pair<Protocol, PortRange>> ports;
};

/// A statement about flows to one namespace, put as the search for one that breaks it.
class FlowClaim {
 public:
  virtual ~FlowClaim() = default;

  /// What a solution is, in words: `a flow from outside mesh a`.
  [[nodiscard]] virtual std::string question() const = 0;
  virtual void add_words(FlowWords& words) const = 0;
  /// Whether pods of an existing namespace are sources that the claim speaks of.
  [[nodiscard]] virtual bool has_source(NamespaceId ns) const = 0;
  /// Claims with equal keys have the same sources.
  [[nodiscard]] virtual std::string sources_key() const = 0;
  /// True if a source that reaches more breaks whatever one that reaches less does, so that a
  /// future namespace without policies stands for those that have egress policies.
  [[nodiscard]] virtual bool is_broken_by_reaching() const = 0;
  /// True if a policy that isolates nobody could only break it, so that a proof can name the
  /// policies whose isolation it needs (Problem::assume).
  [[nodiscard]] virtual bool rests_on_isolation() const { return false; }
  /// Pods of the input that it speaks of by themselves.
  [[nodiscard]] virtual std::set<PodId> given_pods() const { return {}; }
  /// Holds for the flows that break it. Adds what the flows must be beside (FlowTerms::require).
  [[nodiscard]] virtual Formula broken(FlowTerms& terms) const = 0;
};

}  // namespace meshproof
