#pragma once

#include <string>
#include <string_view>

#include "model/report.h"

/// What reports say of judgements in the same words everywhere.
namespace meshproof {

/// `HOLDS`, `FAIL`, `UNKNOWN`, `WAIVED`, `KNOWN`.
[[nodiscard]] std::string_view standing_word(Standing standing);

/// `3 of 5 statements hold · 1 violated · 1 unknown`, `nothing was asked`.
[[nodiscard]] std::string statement_counts(const Report& report);

}  // namespace meshproof
