#pragma once

#include <optional>

#include "model/assertion.h"
#include "model/tree.h"

namespace meshproof {

/// A metav1.LabelSelector of an object that nobody has checked: empty if it is absent or no
/// mapping, which selects nothing. A term that cannot be read selects nothing either.
[[nodiscard]] std::optional<SelectorText> label_terms(const Tree* selector);

/// Whether it picks the labels of an object, as written there; null: without labels (SEMANTICS L1).
[[nodiscard]] bool matches(const SelectorText& selector, const Tree* labels);

}  // namespace meshproof
