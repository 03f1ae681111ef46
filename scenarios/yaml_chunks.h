#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace meshproof {

/// One document of a YAML stream, markers included, or a part of one.
struct YamlChunk {
  std::string_view text;  ///< into the stream
  std::uint32_t lines_before = 0;
  bool is_below_items = false;  ///< a line `items:` stands above it that is not in the text
};

/// Cuts before `---` and after `...` lines; directives (`%YAML`) go with the document they open.
/// Together the chunks are the whole text. O(length).
[[nodiscard]] std::vector<YamlChunk> split_documents(std::string_view text);

/// A document that is a long list as kubectl writes it, in parts: what stands before its items, up
/// to `items:` at the left edge, the items, and what stands behind them.
struct YamlList {
  YamlChunk head;
  std::vector<YamlChunk> items;  ///< some items each
  YamlChunk tail;                ///< may be empty
};

/// Cuts a document into the parts of a list, of about `part` bytes each; nothing if it has no items
/// at the left edge, or anything there but words and items, or not more than one part. Goes by
/// lines only: if a part turns out not to be YAML by itself, that says nothing about the document.
/// O(length).
[[nodiscard]] std::optional<YamlList> split_list(const YamlChunk& document, std::size_t part);

}  // namespace meshproof
