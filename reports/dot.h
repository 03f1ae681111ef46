#pragma once

#include <string>
#include <string_view>

namespace meshproof {

/// `xlabel="…"`: the label of an edge. With `label` Graphviz 2.42 gives memory back twice where
/// both ends have one rank.
[[nodiscard]] std::string dot_edge_label(std::string_view text);

/// A quoted string of the DOT language, fit for an id and for a label: what comes from the input
/// neither ends it nor is read as an escape of Graphviz.
[[nodiscard]] std::string dot_string(std::string_view text);

}  // namespace meshproof
