#pragma once

#include <string>
#include <string_view>

namespace meshproof {

/// A graph of the DOT language, laid out by Graphviz's `dot` as an SVG document. Widths of text are
/// Graphviz's own estimates, so that the bytes do not depend on the fonts of a machine. Not for
/// several threads at once: the library is not. The graph must be well-formed, and labels of edges
/// be `xlabel` (Graphviz 2.42 fails at some `label`).
[[nodiscard]] std::string graph_svg(const std::string& dot);

/// The same without what stands before the element `svg`: to be put into a page.
[[nodiscard]] std::string inline_graph_svg(const std::string& dot);

}  // namespace meshproof
