#pragma once

#include <memory>

#include "model/assertion.h"
#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/checks/flow_proof.h"
#include "solver/checks/groups.h"
#include "solver/engines/flows/statement_claim.h"

namespace meshproof {

/// Whether a group of a deny, an allow or an isolate speaks of pods that do not exist yet.
[[nodiscard]] bool is_unbounded(const Assertion& assertion);

/// Decides deny, allow and isolate of which a group is unbounded, in SDN mode NetworkPolicy, for
/// every pod that could exist (SEMANTICS Q). First the pods of the input are asked about, hosts
/// among them, then a proof is looked for. One object for all assertions about a snapshot, which is
/// a marked one (lacking.h) or one whose coverage is silent, and must outlive it.
class StatementProof {
 public:
  explicit StatementProof(const Snapshot& snapshot, FlowProofOptions options = {});

  [[nodiscard]] Finding decide(const Assertion& assertion);

 private:
  [[nodiscard]] GroupWords words(const Group& group, bool receives, bool only_certain);
  [[nodiscard]] FlowStatement statement(const Assertion& assertion, const Group& from,
                                        const Group& to);
  [[nodiscard]] std::string obstacle(const FlowStatement& statement) const;
  [[nodiscard]] std::vector<NamespaceId> destinations(const FlowStatement& statement) const;
  [[nodiscard]] Finding prove(const FlowStatement& statement);

  Snapshot snapshot_;  // a copy, with the words of the assertions in its symbols
  GroupResolver groups_;
  FlowProof proof_;
  std::size_t statements_ = 0;
};

}  // namespace meshproof
