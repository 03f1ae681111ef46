#pragma once

#include <string>

#include "model/tree.h"

namespace meshproof {

/// A tree as YAML in block style, a document without `---`, with a line end. Every string that
/// could be read as anything else is quoted, by the rules of YAML 1.1 and 1.2 alike; control
/// characters come as escapes. O(size of the tree).
[[nodiscard]] std::string yaml_text(const Tree& tree);

}  // namespace meshproof
