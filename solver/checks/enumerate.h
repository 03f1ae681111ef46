#pragma once

#include "model/assertion.h"
#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/checks/groups.h"
#include "solver/evaluate.h"

namespace meshproof {

/// Decides assertions by asking evaluate() about every pair of ends, one of each class and port
/// range that the rules can tell apart. A pod and itself is no pair. Pods that are about to run
/// count as running. Unbounded groups are taken for the pods of the input: see StatementProof. What
/// the input lacks limits what is found (SEMANTICS C): the snapshot is a marked one (lacking.h), or
/// one whose coverage is silent.
class Enumeration {
 public:
  explicit Enumeration(const Snapshot& snapshot);

  [[nodiscard]] Finding decide(const Assertion& assertion) const;

 private:
  const Snapshot& snapshot_;
  const Cluster& cluster_;
  GroupResolver groups_;
  Evaluator evaluator_;
};

}  // namespace meshproof
