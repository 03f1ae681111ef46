#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/safe_order.h"
#include "model/source.h"
#include "reports/json.h"

namespace meshproof {

/// `{"kind", "reason", "stages", "bridges", "verdicts", "rollback", "conflicts", "remarks"}`
/// (docs/FORMATS.md). Objects stand in full where the user writes them.
/// Conflicts name their writes, which are places in `steps`, those of the prediction.
[[nodiscard]] Json safe_order_json(const SafeOrder& order, const std::vector<Step>& steps,
                                   const Sources& sources);

/// The section of the table: the stages by number with what to do and what to wait for, the
/// proof, the way back. What others write is folded unless `full`.
[[nodiscard]] std::string safe_order_section(const SafeOrder& order, std::size_t width, bool full);

/// The edit as commands, stage by stage, with what is waited for in between; of kinds None and
/// Unknown that there is none, and an end. Needs the functions of safe_order_functions().
[[nodiscard]] std::string safe_order_commands(const SafeOrder& order, const ObjectStore& before);

/// Shell functions that wait; nothing if the order waits for nothing.
[[nodiscard]] std::string safe_order_functions(const SafeOrder& order);

}  // namespace meshproof
