#pragma once

#include <string_view>
#include <vector>

#include "model/network.h"

namespace meshproof {

/// Whether objects of a kind (`group/Kind`) could open or close flows in a network of the dialect
/// although the kind is not modelled (inputs.md, "Kinds that enforce are never skipped"). False for
/// those that can only refuse more. O(kinds).
[[nodiscard]] bool is_unmodelled_kind(std::string_view kind, Dialect dialect);

/// The names of all kinds of that page, without groups, each perhaps several times.
[[nodiscard]] std::vector<std::string_view> unmodelled_kinds();

}  // namespace meshproof
