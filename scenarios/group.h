#pragma once

#include <map>
#include <optional>
#include <string>

#include "model/assertion.h"
#include "model/diagnostic.h"
#include "model/tree.h"

namespace meshproof {

using Groups = std::map<std::string, Group, std::less<>>;

/// A group as written under `groups:` or in place of a name (docs/FORMATS.md). Empty after an
/// error.
[[nodiscard]] std::optional<Group> read_group(std::string name, const Tree& tree,
                                              Diagnostics& diagnostics);

/// The same, or the name of one of `groups` (`unknown-group`).
[[nodiscard]] std::optional<Group> find_group(const Tree& tree, const Groups& groups,
                                              Diagnostics& diagnostics);

}  // namespace meshproof
