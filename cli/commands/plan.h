#pragma once

#include <optional>

#include "cli/session.h"
#include "model/plan.h"

namespace meshproof {

/// The whole pipeline of `plan`, from files to verdicts, without any output. Empty after an error
/// in the session's diagnostics.
[[nodiscard]] std::optional<Plan> plan_change(Session& session);

}  // namespace meshproof
