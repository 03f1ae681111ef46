#pragma once

#include <string>
#include <string_view>

#include "model/result.h"

namespace meshproof {

/// The kind that a word of the command line means, `group/Kind`: a kind of docs/FORMATS.md by its
/// bare name, any other with its group. Error `unknown-value`.
[[nodiscard]] Result<std::string> parse_kind(std::string_view option, std::string_view word);

}  // namespace meshproof
