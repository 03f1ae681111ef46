#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/tree.h"

namespace meshproof {

/// What a plain (unquoted) scalar of YAML 1.1 is, as kubectl and the API server read it: `yes` and
/// `on` are Booleans, `010` is the Number 8, `1e3` is 1000, `~` and nothing are Null, dates stay
/// Strings. Empty for `.inf` and `.nan`, which have no spelling in JSON. O(length).
[[nodiscard]] std::optional<Tree> resolve_plain_scalar(std::string_view text);

/// `y`, `Y`, `n`, `N`: Booleans to kubectl, Strings to most other readers. Manifests that never saw
/// kubectl mean the letter, so they are Strings here, and the reader warns.
[[nodiscard]] bool is_ambiguous_scalar(std::string_view text);

/// A finite number as the API server writes it in JSON: digits that read back as the
/// same number, `1000` for 1e3, `1e+21` from there on.
[[nodiscard]] std::string json_number(double value);

}  // namespace meshproof
