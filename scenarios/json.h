#pragma once

#include <string_view>
#include <vector>

#include "scenarios/byte_tally.h"
#include "scenarios/document.h"

namespace meshproof {

/// The values of a JSON text: one, several in a row, or one per line; lines of `---` between them
/// are accepted. Reading stops at the first `json-syntax` or `too-deep` error, which is in the last
/// document; `duplicate-key` does not stop it. `tally`, unless it is null, is told of the bytes
/// that are read, those of items that were left not among them. O(length).
[[nodiscard]] std::vector<Document> parse_json(std::string_view text, FileId file,
                                               ItemReading items = ItemReading::Whole,
                                               ByteTally* tally = nullptr);

}  // namespace meshproof
