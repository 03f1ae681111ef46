#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/diagnostic.h"
#include "model/tree.h"
#include "scenarios/byte_tally.h"
#include "scenarios/json_items.h"

namespace meshproof {

/// One document of a file. A document whose diagnostics hold an error has what could be read of it,
/// perhaps nothing (Null).
struct Document {
  Tree tree;
  Diagnostics diagnostics;
  /// Where the document's own `items` were left unread: their text is not empty, and what is wrong
  /// in them has not been found yet.
  JsonItems items = {};
};

/// What becomes of the `items` of a JSON document, which may be the largest part of it.
enum class ItemReading : std::uint8_t { Whole, Left };

/// Deeper documents are refused, by every syntax: what walks a tree may recurse.
inline constexpr std::size_t kMaxDepth = 256;

/// The documents of a text, JSON if it begins like JSON and is JSON, else YAML; whatever the file's
/// name. The text has passed check_text(). Empty YAML documents are Null. `tally`, unless it is
/// null, is told of the bytes as they are read, but for items that were left. O(length).
[[nodiscard]] std::vector<Document> parse_documents(std::string_view text, FileId file,
                                                    ItemReading items = ItemReading::Whole,
                                                    ByteTally* tally = nullptr);

}  // namespace meshproof
