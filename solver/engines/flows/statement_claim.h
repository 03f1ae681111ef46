#pragma once

#include <string>

#include "solver/engines/flow_statement.h"
#include "solver/engines/flows/flow_claim.h"

namespace meshproof {

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
  /// A project to come is in no group of pods of the input.
  [[nodiscard]] bool is_broken_by_reaching() const override {
    return statement_.violating == Access::Allowed && statement_.from.group->unbounded;
  }
  [[nodiscard]] std::set<PodId> given_pods() const override {
    return meshproof::given_pods(statement_);
  }
  void add_words(FlowWords& words) const override;
  [[nodiscard]] Formula broken(FlowTerms& terms) const override;

 private:
  void add_group(const GroupWords& words, LabelDomains& pods, FlowWords& all) const;
  [[nodiscard]] Formula future(const GroupWords& words, const LabelVariables& labels,
                               Problem& problem) const;
  [[nodiscard]] Formula address(const GroupWords& words, Variable variable, bool of_pod,
                                FlowTerms& terms) const;
  [[nodiscard]] Formula source_in(const GroupWords& words, bool with_pods, FlowTerms& terms) const;
  [[nodiscard]] Formula destination_in(const GroupWords& words, FlowTerms& terms) const;

  const Cluster& cluster_;
  const FlowStatement& statement_;
};

}  // namespace meshproof
