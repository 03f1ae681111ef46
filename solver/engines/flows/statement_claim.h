#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/assertion.h"
#include "model/flow.h"
#include "solver/engines/flows/flow_claim.h"

namespace meshproof {

/// What a group of an assertion means to a proof, in the symbols of one cluster.
struct GroupWords {
  const Group* group = nullptr;
  std::vector<bool> has_namespace;  ///< by namespace: the group may speak of its pods
  std::optional<LabelSelector> namespaces;
  std::optional<LabelSelector> pods;
  std::vector<PodId> existing;  ///< the pods of the input that are in it; of bounded groups
  bool holds_outside = false;   ///< addresses outside of the cluster are in it, too
};

/// Flows that a statement leaves out; an absent end is any.
struct ExceptedWords {
  std::optional<GroupWords> from;
  std::optional<GroupWords> to;
};

/// One direction of an assertion. Groups without `unbounded` mean the pods of the input.
struct FlowStatement {
  GroupWords from;
  GroupWords to;
  std::vector<ExceptedWords> excepted;
  PortSet ports = PortSet::all();
  Access violating = Access::Allowed;
  std::string key;  ///< statements with equal keys have equal `from`
};

/// `deny` and `allow` of assertions, for every pod that could exist (SEMANTICS Q).
class StatementClaim : public FlowClaim {
 public:
  /// Both must outlive the claim.
  StatementClaim(const Cluster& cluster, const FlowStatement& statement)
      : cluster_(cluster), statement_(statement) {}

  [[nodiscard]] std::string question() const override {
    return statement_.violating == Access::Allowed ? "a flow that is denied and open"
                                                   : "a flow that must be open and is closed";
  }
  [[nodiscard]] bool rests_on_isolation() const override {
    return statement_.violating == Access::Allowed;
  }
  [[nodiscard]] bool has_source(NamespaceId ns) const override {
    return statement_.from.has_namespace.at(ns.value);
  }
  [[nodiscard]] std::string sources_key() const override { return statement_.key; }
  [[nodiscard]] bool is_broken_by_reaching() const override {
    return statement_.violating == Access::Allowed;
  }
  void add_words(FlowWords& words) const override;
  [[nodiscard]] Formula broken(FlowTerms& terms) const override;

 private:
  void add_group(const GroupWords& words, LabelDomains& pods, FlowWords& all) const;
  [[nodiscard]] Formula future(const GroupWords& words, const LabelVariables& labels,
                               Problem& problem) const;
  [[nodiscard]] Formula address(const GroupWords& words, Variable variable, bool of_pod,
                                FlowTerms& terms) const;
  [[nodiscard]] Formula source_in(const GroupWords& words, FlowTerms& terms) const;
  [[nodiscard]] Formula destination_in(const GroupWords& words, FlowTerms& terms) const;

  const Cluster& cluster_;
  const FlowStatement& statement_;
};

/// Whether a namespace that does not exist yet can be one of whose pods the group speaks as a
/// destination: members are made by the operator together with their policies, and names must be
/// free.
[[nodiscard]] bool may_be_future(const Group& group, const Cluster& cluster);

}  // namespace meshproof
