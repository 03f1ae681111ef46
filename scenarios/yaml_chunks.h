#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace meshproof {

/// One document of a YAML stream, markers included.
struct YamlChunk {
  std::string_view text;  ///< into the stream
  std::uint32_t lines_before = 0;
};

/// Cuts before `---` and after `...` lines; directives (`%YAML`) go with the document they open.
/// Together the chunks are the whole text. O(length).
[[nodiscard]] std::vector<YamlChunk> split_documents(std::string_view text);

}  // namespace meshproof
