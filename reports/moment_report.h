#pragma once

#include <string>
#include <vector>

#include "model/plan.h"
#include "model/reported_change.h"
#include "model/source.h"
#include "reports/json.h"

namespace meshproof {

/// What becomes of flows while the writes of a plan take effect: one line if nothing does, else the
/// story of each bad moment. Empty if no write can change anything.
[[nodiscard]] std::string moment_lines(const Plan& plan, std::size_t width);

/// The same as values, a rule each. The stages that a bad moment speaks of must be there.
[[nodiscard]] std::vector<ReportedMoment> reported_moments(
    const std::vector<MomentVerdict>& moments, const std::vector<Stage>& stages);

/// `[{"rule", "holds": true, false or null, …}]` (docs/FORMATS.md).
[[nodiscard]] Json moments_json(const Plan& plan, const Sources& sources);
/// The same of any stages; those that no bad moment speaks of need not be there.
[[nodiscard]] Json moments_json(const std::vector<MomentVerdict>& moments,
                                const std::vector<Stage>& stages, const Sources& sources);

}  // namespace meshproof
