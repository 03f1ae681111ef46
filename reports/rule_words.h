#pragma once

#include <string_view>

namespace meshproof {

/// What a rule of docs/SEMANTICS.md says, in one line, for those in which networks differ; empty
/// for others.
[[nodiscard]] std::string_view rule_words(std::string_view rule_id);

}  // namespace meshproof
