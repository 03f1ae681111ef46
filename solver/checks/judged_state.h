#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "model/assertion.h"
#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/checks/enumerate.h"
#include "solver/checks/statement_proof.h"

namespace meshproof {

/// One state that assertions are judged on, with what they all ask for, found once. Refers to the
/// snapshot, and to the state before, which must outlive it.
class JudgedState {
 public:
  /// `options` are those of proof(). `before` is the state before a change that leads to this one;
  /// null where there is none.
  explicit JudgedState(const Snapshot& snapshot, StatementOptions options = {},
                       const JudgedState* before = nullptr)
      : given_(&snapshot), before_(before), options_(std::move(options)) {}

  JudgedState(const JudgedState&) = delete;
  JudgedState& operator=(const JudgedState&) = delete;
  JudgedState(JudgedState&&) = delete;
  JudgedState& operator=(JudgedState&&) = delete;
  ~JudgedState() = default;

  /// With what the input lacks marked (mark_uncollected), so that nothing holds over a part that
  /// was not collected. Made when it is first asked for, as are the two below; not by several
  /// threads at once.
  [[nodiscard]] const Snapshot& snapshot() const;
  [[nodiscard]] const JudgedState* before() const { return before_; }
  [[nodiscard]] const Enumeration& enumeration() const;
  [[nodiscard]] StatementProof& proof() const;

 private:
  const Snapshot* given_;
  const JudgedState* before_;
  StatementOptions options_;
  mutable std::optional<Snapshot> marked_;  ///< unless the coverage is silent
  mutable std::optional<Enumeration> enumeration_;
  mutable std::unique_ptr<StatementProof> proof_;
};

/// What a check answers.
struct Decided {
  Finding finding;
  std::vector<Decider> deciders;  ///< in the order in which they were asked; empty: nobody
};

/// Deny, Allow and Isolate of one hop: proved where a group is unbounded, else enumerated.
[[nodiscard]] Decided decide_flows(const JudgedState& state, const Assertion& assertion);

/// Decides the assertions of one kind on one state (Unchanged: on the state before, too).
using Check = Decided (*)(const JudgedState& state, const Assertion& assertion);

}  // namespace meshproof
