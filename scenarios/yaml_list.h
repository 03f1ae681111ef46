#pragma once

#include <optional>
#include <vector>

#include "scenarios/document.h"

namespace meshproof {

/// The document whose parts (split_list()) were read by themselves. Nothing if what came out is not
/// certainly what the document says: a part has an error, or is no mapping, or a key stands in head
/// and tail. O(fields of head and tail + items).
[[nodiscard]] std::optional<Document> join_list(Document head, std::vector<Document> items,
                                                Document tail);

}  // namespace meshproof
