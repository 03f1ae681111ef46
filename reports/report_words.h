#pragma once

#include <string>
#include <string_view>

#include "model/report.h"

/// What reports say of judgements in the same words everywhere.
namespace meshproof {

/// `HOLDS`, `FAIL`, `UNKNOWN`, `WAIVED`, `KNOWN`.
[[nodiscard]] std::string_view standing_word(Standing standing);
/// The same, and `NOTE` of what failed and is no more than a note: nothing fails for it.
[[nodiscard]] std::string_view standing_word(const Judgement& judgement);

/// `3 of 5 statements hold · 1 violated · 1 unknown`, `0 of 1 statement holds · 1 noted` (it
/// failed, and is no more than a note), `nothing was asked`.
[[nodiscard]] std::string statement_counts(const Report& report);

}  // namespace meshproof
