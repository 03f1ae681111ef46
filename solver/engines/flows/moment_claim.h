#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "solver/engines/flows/changed_sources.h"
#include "solver/engines/flows/flow_claim.h"

namespace meshproof {

/// A write that may be in effect or not, in the cluster of two united states.
struct MomentStepWords {
  std::vector<PolicyId> creates;      ///< in effect once the step is
  std::vector<PolicyId> removes;      ///< in effect until the step is
  std::vector<NamespaceId> relabels;  ///< have their new labels once the step is
  /// Steps that must be in effect wherever this one is: see Stage::in_order.
  std::vector<std::size_t> needs;
};

/// The view in which any part of the steps is in effect: a variable for each, added to
/// FlowVariables::own. `now`: what holds without any of them.
[[nodiscard]] FlowView moment_view(FlowTerms& terms, FlowView now,
                                   const std::vector<MomentStepWords>& steps);

/// In no moment a flow that both states have is closed, or none that neither has is open, whatever
/// part of the steps is in effect: one question for all 2^n of them (verification.md 3.4).
/// FlowVariables::own: the steps, 1 where one is in effect.
class MomentClaim : public FlowClaim {
 public:
  enum class Rule : std::uint8_t { NoBlackhole, NoBreach };

  /// `now`: what holds without any step of `steps`; sources as in DifferenceClaim.
  MomentClaim(FlowView first, FlowView second, FlowView now, std::vector<MomentStepWords> steps,
              Rule rule, ChangedSources::Sources sources)
      : first_(std::move(first)),
        second_(std::move(second)),
        now_(std::move(now)),
        steps_(std::move(steps)),
        rule_(rule),
        sources_(std::move(sources)) {}

  [[nodiscard]] std::string question() const override {
    return rule_ == Rule::NoBlackhole ? "a flow that both states have and a moment has not"
                                      : "a flow that a moment has and neither state";
  }
  void add_words(FlowWords&) const override {}
  [[nodiscard]] bool has_source(NamespaceId ns) const override { return sources_.contains(ns); }
  [[nodiscard]] std::string sources_key() const override { return sources_.key; }
  [[nodiscard]] bool is_broken_by_reaching() const override { return sources_.is_stood_for; }
  [[nodiscard]] Formula broken(FlowTerms& terms) const override;

 private:
  FlowView first_;
  FlowView second_;
  FlowView now_;
  std::vector<MomentStepWords> steps_;
  Rule rule_;
  ChangedSources::Sources sources_;
};

}  // namespace meshproof
