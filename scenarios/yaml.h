#pragma once

#include <string_view>
#include <vector>

#include "scenarios/document.h"

namespace meshproof {

/// The documents of a YAML stream, each parsed by itself, so that an error in one does not hide the
/// others. Scalars are resolved as kubectl does (scalar.h); anchors, aliases and `<<` are expanded
/// up to 64 MB a file; keys that are not strings are written as kubectl writes them, with the
/// warning `key-not-string`. The text is UTF-8 without a byte order mark. O(length).
/// Errors: `yaml-syntax`, `duplicate-key`, `complex-key`, `too-deep`, `alias-bomb`,
/// `recursive-alias`, `merge-key`, `custom-tag`, `scalar-tag`, `number-not-json`. Warnings:
/// `key-not-string`, `ambiguous-scalar`.
[[nodiscard]] std::vector<Document> parse_yaml(std::string_view text, FileId file);

}  // namespace meshproof
