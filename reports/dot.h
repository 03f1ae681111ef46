#pragma once

#include <string>
#include <string_view>

namespace meshproof {

/// A quoted string of the DOT language, fit for an id and for a label: what comes from the input
/// neither ends it nor is read as an escape of Graphviz.
[[nodiscard]] std::string dot_string(std::string_view text);

}  // namespace meshproof
