#pragma once

#include <string>
#include <vector>

#include "model/hazard.h"
#include "model/reported_change.h"
#include "reports/json.h"

namespace meshproof {

/// `[{"code", "hits", "direction", "mesh", "namespace", "cause", "left", "lacks", "heals",
/// "cure"}]`
[[nodiscard]] Json hazards_json(const std::vector<Hazard>& hazards);

/// In the same order.
[[nodiscard]] std::vector<ReportedHazard> reported_hazards(const std::vector<Hazard>& hazards);

/// The section `What can go wrong`: what the input shows in full, the rest folded into one line
/// unless `full`; empty where nothing can.
[[nodiscard]] std::string hazard_lines(const std::vector<Hazard>& hazards, std::size_t width,
                                       bool full);

}  // namespace meshproof
