#pragma once

#include <vector>

#include "model/report.h"
#include "reports/json.h"

/// What every JSON contract has of a report (docs/FORMATS.md).
namespace meshproof {

/// `{"file", "line", "column"}`, with `rendered` and `address` where there are; null for an unknown
/// line.
[[nodiscard]] Json to_json(const SourceLine& line);

/// `[{"rule", "phase", "severity", "standing", …, "fingerprint"}]`, in their order.
[[nodiscard]] Json to_json(const std::vector<Judgement>& judgements);

/// `{"edits", "created", …, "writes", "hazards", "moments", "lostUses", …}`
[[nodiscard]] Json to_json(const ChangeSummary& change);

}  // namespace meshproof
