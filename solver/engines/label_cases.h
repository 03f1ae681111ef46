#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "model/label.h"
#include "model/symbol.h"

namespace meshproof {

/// A label set and what selectors say of it.
struct LabelCase {
  Labels labels;
  std::vector<bool> answers;  ///< by selector: whether it matches
};

/// Whether a label set that could be has this value for the key; an invalid one: has not the key.
using MayHave = std::function<bool(Symbol key, Symbol value)>;

/// One label set for each way in which the selectors can answer (SEMANTICS T7): whatever labels a
/// pod or project has, as long as `may_have` says so of each, the selectors answer as they do for
/// one of these. Few labels come first. Values that no selector names are interned (`other`). None
/// if there are more than `limit`, on the way too.
///
/// Goes through the keys one by one and keeps of label sets that the same selectors have refused
/// already only the first: what the other keys add is the same for both. O(keys × values × cases ×
/// selectors).
[[nodiscard]] std::optional<std::vector<LabelCase>> label_cases(
    const std::vector<const LabelSelector*>& selectors, const MayHave& may_have, std::size_t limit,
    SymbolTable& symbols);

}  // namespace meshproof
