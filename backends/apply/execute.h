#pragma once

#include <string_view>

#include "backends/apply/scene.h"
#include "model/execution_run.h"

namespace meshproof {

/// Carries a plan out from where the journal stands, in its direction: each write only if the
/// object is what the plan says before it, after its intent is on the disk; then the effect of the
/// stage is waited for. Where the cluster is not as predicted, what was written is taken back stage
/// by stage, in the proved order (verification.md 3.4). Nothing that somebody else wrote is written
/// over. The lease is taken first; without it nothing is written.
[[nodiscard]] ExecutionRun execute(ApplyScene& scene);

/// Takes back what the journal's run has written, whether it has ended or not.
[[nodiscard]] ExecutionRun take_back(ApplyScene& scene, std::string_view because);

}  // namespace meshproof
