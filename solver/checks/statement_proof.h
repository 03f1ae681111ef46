#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/assertion.h"
#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/checks/flow_proof.h"
#include "solver/checks/statement_maker.h"
#include "solver/engines/flows/statement_claim.h"
#include "solver/engines/quotient.h"

namespace meshproof {

/// Whether a group of a deny, an allow or an isolate speaks of pods that do not exist yet.
[[nodiscard]] bool is_unbounded(const Assertion& assertion);

/// How statements are proved and what becomes of the evidence.
struct StatementOptions {
  SmtLimits limits = {};
  QuotientLimits quotient = {};
  EvidenceSinks evidence = {};
  /// Asked in the place of a QuotientDecider, where there is one: tests plant a disagreement so.
  std::function<QuotientAnswer(const StatementQuestion&)> second_decider = {};
};

/// Decides deny, allow and isolate of which a group is unbounded, in SDN mode NetworkPolicy, for
/// every pod that could exist (SEMANTICS Q12). First the pods of the input are asked about, hosts
/// among them, then a proof is looked for, and each question of it is put to the second decider,
/// too. Where the two do not agree it is Undecided (`engines disagree`), whatever else was found;
/// where the second one cannot decide, the scope of Holds says so. One object for all assertions
/// about a snapshot, which is a marked one (lacking.h) or one whose coverage is silent.
class StatementProof {
 public:
  explicit StatementProof(const Snapshot& snapshot, StatementOptions options = {});

  [[nodiscard]] Finding decide(const Assertion& assertion);

  /// Who decided what decide() gave last.
  [[nodiscard]] const std::vector<Decider>& deciders() const { return deciders_; }

 private:
  [[nodiscard]] std::string obstacle(const FlowStatement& statement) const;
  [[nodiscard]] bool may_be_excepted(const Counterexample& counterexample,
                                     const FlowStatement& statement) const;
  [[nodiscard]] Finding prove(const FlowStatement& statement);
  [[nodiscard]] Finding prove_all(const Assertion& assertion);
  [[nodiscard]] QuotientAnswer decide_again(const StatementQuestion& question);

  Snapshot snapshot_;  // a copy, with the words of the assertions in its symbols
  StatementOptions options_;
  StatementMaker maker_;
  FlowProof proof_;
  std::optional<QuotientDecider> quotient_;  // made when first asked
  // Of the assertion that is decided.
  std::vector<Decider> deciders_;
  std::string disagreement_;
  std::string decided_once_;  // why the second decider gave no answer
  bool is_minimal_ = true;
  bool is_solved_ = false;  // a question was put to the solver
};

}  // namespace meshproof
