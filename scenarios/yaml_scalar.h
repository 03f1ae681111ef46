#pragma once

#include <string>
#include <string_view>

#include "model/tree.h"

namespace meshproof {

/// The value of a scalar; where it has none, the code and message say why, and the value is a
/// String.
struct ResolvedScalar {
  Tree value;
  std::string code;  ///< empty if there is nothing to tell
  std::string message;
};

/// The value of a scalar with the tag that the YAML parser gives it: `?` for a plain one, `!` for a
/// quoted or block scalar, else a full tag. Codes: `number-not-json`, `scalar-tag`, `custom-tag`.
[[nodiscard]] ResolvedScalar resolve_scalar(std::string_view tag, std::string_view text);

/// True for the tags that a Mapping or Sequence may have.
[[nodiscard]] bool is_collection_tag(std::string_view tag);

/// A tag as people write it: `!!binary`, `!vault`.
[[nodiscard]] std::string shown_tag(std::string_view tag);

}  // namespace meshproof
