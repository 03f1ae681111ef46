#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/report.h"

/// What reports say of judgements in the same words everywhere.
namespace meshproof {

/// `HOLDS`, `FAIL`, `UNKNOWN`, `WAIVED`, `KNOWN`.
[[nodiscard]] std::string_view standing_word(Standing standing);
/// The same, and `NOTE` of what failed and is no more than a note: nothing fails for it.
[[nodiscard]] std::string_view standing_word(const Judgement& judgement);

/// How statements came out.
struct StatementCounts {
  std::size_t all = 0;
  std::size_t hold = 0;
  std::size_t violated = 0;
  std::size_t noted = 0;  ///< failed, and no more than a note
  std::size_t unknown = 0;
  std::size_t waived = 0;
  std::size_t known = 0;
};
[[nodiscard]] StatementCounts count_statements(const Report& report);

/// `3 of 5 statements hold · 1 violated · 1 unknown`, `0 of 1 statement holds · 1 noted` (it
/// failed, and is no more than a note), `nothing was asked`.
[[nodiscard]] std::string statement_counts(const Report& report);

}  // namespace meshproof
