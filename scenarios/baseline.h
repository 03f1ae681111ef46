#pragma once

#include <string>

#include "model/baseline.h"
#include "model/result.h"
#include "model/source.h"

namespace meshproof {

/// Reads what an earlier run wrote by `-o sarif`: of each run the results that failed then, or were
/// in a baseline themselves. What was waived or undecided is in none: an exception ends on its day.
/// Errors: `cannot-read`, `json-syntax`, and `bad-baseline` for what is no such log.
[[nodiscard]] Result<Baseline> read_baseline(const std::string& path, Sources& sources);

}  // namespace meshproof
