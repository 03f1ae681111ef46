#pragma once

#include <cstddef>
#include <string>

#include "model/tree.h"

namespace meshproof {

/// Appends the tree as JSON, a field or item to a line, fields in their order; `indent` spaces
/// stand before the lines after the first, and one more for each level. Bytes that are not UTF-8
/// become U+FFFD. O(size of the tree).
void append_json(std::string& out, const Tree& tree, std::size_t indent = 0);

}  // namespace meshproof
