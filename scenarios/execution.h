#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "model/execution.h"
#include "model/result.h"
#include "model/source.h"

namespace meshproof {

/// The execution in a file that `plan --out` wrote. `digest` is SHA-256. Errors, all at once:
/// `not-a-plan` (no such document, or one without an execution), `plan-version` (a version of the
/// contract that this program does not know), `wrong-type`, `missing-field`, `bad-word`; and
/// `plan-edited` where the digest is not that of the content, because what was proved is not what
/// stands there any more.
[[nodiscard]] Result<Execution> read_execution(
    const std::string& path, const std::function<std::string(std::string_view)>& digest,
    Sources& sources);

}  // namespace meshproof
