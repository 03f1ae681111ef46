#pragma once

#include <span>
#include <string_view>

namespace meshproof {

/// The candidate that a misspelt word most likely means: the one at the smallest edit distance, up
/// to a third of the word's length (case does not count, and two neighbours that have changed
/// places are one edit); the first of several. Empty if none is near. O(candidates × length²),
/// words beyond 64 characters have no candidate.
[[nodiscard]] std::string_view nearest_word(std::string_view word,
                                            std::span<const std::string_view> candidates);

}  // namespace meshproof
