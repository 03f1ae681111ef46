#pragma once

#include <vector>

#include "cli/session.h"
#include "model/assertion.h"
#include "model/isolation_report.h"
#include "model/snapshot.h"
#include "model/verdict.h"

namespace meshproof {

/// What the report for an auditor is made of.
struct Audited {
  const Snapshot& before;           ///< without a change the state
  const Snapshot* after = nullptr;  ///< null: there is no change
  const Assertions& assertions;
  const std::vector<Verdict>& verdicts;
};

/// Everything that the report has beside its judgements: meshes, matrices, register, digests, what
/// it does not show. Adds the times of its parts to the session's.
[[nodiscard]] IsolationReport isolation_of(Session& session, const Audited& audited, Report report);

}  // namespace meshproof
