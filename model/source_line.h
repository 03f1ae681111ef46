#pragma once

#include <cstdint>
#include <string>

namespace meshproof {

/// A place as whoever reads a report can open it.
struct SourceLine {
  std::string path;          ///< `/` between folders; relative if it lies below where the run began
  std::uint32_t line = 0;    ///< from 1; 0: the file as a whole
  std::uint32_t column = 0;  ///< from 1, in characters; 0: not known
  /// Where the path is what a renderer (kustomize, helm) says of its input: the place in what it
  /// rendered, `-:120`. Else empty.
  std::string rendered = {};
  std::string address = {};  ///< the page that shows it, `https://…#L21`; empty: none is known

  [[nodiscard]] bool is_known() const { return !path.empty(); }
};

/// `apps/web.yaml:21:3`, `apps/web.yaml`; empty for one that is not known.
[[nodiscard]] std::string to_string(const SourceLine& line, bool with_column = true);

}  // namespace meshproof
