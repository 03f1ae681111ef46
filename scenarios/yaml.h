#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "scenarios/byte_tally.h"
#include "scenarios/document.h"

namespace meshproof {

/// Bytes of a long list of items that are read by themselves.
inline constexpr std::size_t kYamlListPart = std::size_t{256} << 10;

/// The documents of a YAML stream, each parsed by itself, so that an error in one does not hide the
/// others. Scalars are resolved as kubectl does (scalar.h); anchors, aliases and `<<` are expanded
/// up to 64 MB a file; keys that are not strings are written as kubectl writes them, with the
/// warning `key-not-string`. The text is UTF-8 without a byte order mark. O(length).
/// Errors: `yaml-syntax`, `duplicate-key`, `complex-key`, `too-deep`, `alias-bomb`,
/// `recursive-alias`, `merge-key`, `custom-tag`, `scalar-tag`, `number-not-json`. Warnings:
/// `key-not-string`, `ambiguous-scalar`.
/// Lists that are longer than `list_part` bytes are read in parts, side by side; the result is the
/// same for every `list_part`. `tally`, unless it is null, is told of the bytes as they are read.
[[nodiscard]] std::vector<Document> parse_yaml(std::string_view text, FileId file,
                                               std::size_t list_part = kYamlListPart,
                                               ByteTally* tally = nullptr);

}  // namespace meshproof
