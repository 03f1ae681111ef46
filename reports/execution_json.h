#pragma once

#include "model/execution.h"
#include "reports/json.h"

namespace meshproof {

/// The member `execution` of plan.json (docs/FORMATS.md), which scenarios/execution reads back.
[[nodiscard]] Json to_json(const Execution& execution);

}  // namespace meshproof
