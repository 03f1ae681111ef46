#include "solver/checks/judged_state.h"

#include "solver/checks/lacking.h"

namespace meshproof {

JudgedState::JudgedState(const Snapshot& snapshot, const JudgedState* before)
    : given_(&snapshot), before_(before) {
  if (!snapshot.coverage.is_silent()) marked_.emplace(mark_uncollected(snapshot));
}

const Snapshot& JudgedState::snapshot() const { return marked_ ? *marked_ : *given_; }

const Enumeration& JudgedState::enumeration() const {
  if (!enumeration_) enumeration_.emplace(snapshot());
  return *enumeration_;
}

StatementProof& JudgedState::proof() const {
  if (!proof_) proof_ = std::make_unique<StatementProof>(snapshot());
  return *proof_;
}

}  // namespace meshproof
