#pragma once

#include <string>
#include <vector>

#include "model/assertion.h"
#include "model/result.h"
#include "model/source.h"

namespace meshproof {

/// Reads what --assert names: files of the kind `Assertions` (docs/FORMATS.md), and `builtin:NAME`,
/// which is passed on by its name. All mistakes of all files are told. A statement that is known
/// and not decided yet is the error `unsupported-assertion`, never left out; `when: every-step` is
/// the warning `unsupported-when`.
[[nodiscard]] Result<Assertions> read_assertions(const std::vector<std::string>& names,
                                                 Sources& sources, Diagnostics& warnings);

}  // namespace meshproof
