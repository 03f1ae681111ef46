#include "solver/checks/judged_state.h"

#include <utility>

#include "solver/checks/lacking.h"

namespace meshproof {

const Snapshot& JudgedState::snapshot() const {
  if (given_->coverage.is_silent()) return *given_;
  if (!marked_) marked_.emplace(mark_uncollected(*given_));
  return *marked_;
}

const Enumeration& JudgedState::enumeration() const {
  if (!enumeration_) enumeration_.emplace(snapshot());
  return *enumeration_;
}

StatementProof& JudgedState::proof() const {
  if (!proof_) proof_ = std::make_unique<StatementProof>(snapshot(), options_);
  return *proof_;
}

Decided decide_flows(const JudgedState& state, const Assertion& assertion) {
  if (is_unbounded(assertion)) {
    Finding finding = state.proof().decide(assertion);
    return {std::move(finding), state.proof().deciders()};
  }
  return {state.enumeration().decide(assertion), {Decider::Evaluation}};
}

}  // namespace meshproof
