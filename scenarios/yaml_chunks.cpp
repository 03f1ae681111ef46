#include "scenarios/yaml_chunks.h"

#include <algorithm>
#include <utility>

namespace meshproof {

std::vector<YamlChunk> split_documents(std::string_view text) {
  std::vector<YamlChunk> chunks;
  std::size_t start = 0;
  std::uint32_t start_line = 0;
  std::uint32_t line = 0;
  bool in_document = false;
  bool after_directive = false;
  bool marked_end = false;
  const auto cut = [&](std::size_t at) {
    if (at > start) chunks.push_back({text.substr(start, at - start), start_line});
    start = at;
    start_line = line;
  };
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view row = text.substr(at, end - at);
    const auto is_marker = [&](std::string_view marker) {
      return row.starts_with(marker) &&
             (row.size() == 3 || std::string_view{" \t\r"}.find(row[3]) != std::string_view::npos);
    };
    if (is_marker("---")) {
      if (!after_directive) cut(at);
      after_directive = false;
      in_document = true;
    } else if (is_marker("...")) {
      in_document = false;
      marked_end = true;
    } else if (!in_document && row.starts_with('%')) {
      if (!after_directive) cut(at);
      after_directive = true;
    } else if (row.find_first_not_of(" \t\r") != std::string_view::npos &&
               row[row.find_first_not_of(" \t\r")] != '#') {
      in_document = true;
    }
    at = std::min(end + 1, text.size());
    if (std::exchange(marked_end, false)) {
      ++line;
      cut(at);
      --line;
    }
  }
  cut(text.size());
  return chunks;
}

}  // namespace meshproof
