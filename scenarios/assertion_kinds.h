#pragma once

#include <optional>

#include "model/assertion.h"
#include "model/diagnostic.h"
#include "model/tree.h"
#include "scenarios/group.h"

namespace meshproof {

/// One assertion of a document whose groups are these (docs/ASSERTIONS.md). Errors:
/// `unknown-assertion`, `unknown-field`, `missing-field`, `unknown-group` and those of
/// assertion_words.h. Empty if its kind cannot be told; after other errors what could be read.
[[nodiscard]] std::optional<Assertion> read_assertion(const Tree& tree, const Groups& groups,
                                                      Diagnostics& diagnostics);

}  // namespace meshproof
