#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/assertion.h"
#include "model/result.h"
#include "model/source.h"

namespace meshproof {

/// What the reading of assertions is told.
struct AssertionReading {
  std::string_view today;                      ///< `YYYY-MM-DD`; empty: no exception has expired
  std::span<const std::string_view> builtins;  ///< statements that exceptions may be of
};

/// Reads what --assert names: files of the kind `Assertions` (docs/ASSERTIONS.md), and
/// `builtin:NAME`, which is passed on by its name. All mistakes of all files are told: those of
/// assertion_kinds.h, exceptions.h and contradictions.h, `duplicate-id`, `no-assertions` and
/// `not-assertions`.
[[nodiscard]] Result<Assertions> read_assertions(const std::vector<std::string>& names,
                                                 Sources& sources, Diagnostics& warnings,
                                                 const AssertionReading& reading = {});

}  // namespace meshproof
