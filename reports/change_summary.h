#pragma once

#include "model/plan.h"
#include "model/report.h"
#include "model/source.h"
#include "reports/judgements.h"

namespace meshproof {

/// What a plan does, for reports that are read far from the terminal. Spells out connections as far
/// as the plan's own table does.
[[nodiscard]] ChangeSummary summarize_change(const Plan& plan, const Sources& sources,
                                             const Locate& locate);

/// Where the edit stands: of the first thing that it changes; unknown for one that no file shows.
[[nodiscard]] Place edit_place(const Plan& plan);

}  // namespace meshproof
