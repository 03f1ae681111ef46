#pragma once

#include <memory>
#include <optional>

#include "cli/session.h"
#include "model/plan.h"
#include "model/snapshot.h"

namespace meshproof {

/// A plan with the states that it compares, by which it explains what changed.
struct PlannedChange {
  std::unique_ptr<const Snapshot> before;
  std::unique_ptr<const Snapshot> after;
  Plan plan;
};

/// The whole pipeline of `plan`, from files to verdicts, without any output. Empty after an error
/// in the session's diagnostics.
[[nodiscard]] std::optional<PlannedChange> plan_change(Session& session);

}  // namespace meshproof
