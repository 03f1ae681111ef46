#pragma once

#include <optional>
#include <string>
#include <vector>

#include "solver/engines/flows/flow_claim.h"

namespace meshproof {

/// What policies are meant to admit, and nothing else (SEMANTICS A3).
struct KeptTerm {
  LabelSelector pods;  ///< of the destination
  LabelSelector source_projects;
  LabelSelector source_pods;
  std::optional<IpBlock> block;  ///< instead of the two
  bool block_holds_pods = true;
  PortSet ports;
};

/// Policies that were added to the others of the destination, and what they are meant to admit.
struct Addition {
  std::vector<PolicyId> policies;
  std::vector<KeptTerm> kept;
};

/// With these policies the same flows are open as without them, and those that they are meant to
/// admit (SEMANTICS A). FlowVariables::admitted: the destination's policies, all of them, let it
/// in.
class AdditionClaim : public FlowClaim {
 public:
  explicit AdditionClaim(Addition addition) : addition_(std::move(addition)) {}

  [[nodiscard]] std::string question() const override {
    return "a flow that the added policies open or close and are not meant to";
  }
  [[nodiscard]] bool has_source(NamespaceId) const override { return true; }
  [[nodiscard]] std::string sources_key() const override { return "all"; }
  /// The egress of a source is the same in both states.
  [[nodiscard]] bool is_broken_by_reaching() const override { return true; }
  void add_words(FlowWords& words) const override;
  [[nodiscard]] Formula broken(FlowTerms& terms) const override;

 private:
  Addition addition_;
};

}  // namespace meshproof
