#pragma once

#include <string>

#include "model/equivalence.h"
#include "reports/diff_report.h"

namespace meshproof {

/// The contract of `diff --semantic -o json` (docs/FORMATS.md). Of the difference only networks,
/// assumptions and coverage are shown.
[[nodiscard]] std::string equivalence_json(const Difference& difference,
                                           const Equivalence& equivalence, const Sources& sources);
/// For a person.
[[nodiscard]] std::string equivalence_table(const Difference& difference,
                                            const Equivalence& equivalence, const Sources& sources,
                                            std::size_t width, bool full);

}  // namespace meshproof
