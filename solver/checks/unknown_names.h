#pragma once

#include <span>

#include "model/assertion.h"
#include "model/diagnostic.h"
#include "model/snapshot.h"

namespace meshproof {

/// The names in groups of assertions and exceptions that mean nothing in any of the states:
/// warnings `unknown-project` and `unknown-mesh`, at the name, with the nearest one that is there.
/// A group may select something all the same, by its other names. Each place once.
/// O(objects + names × (log namespaces + length² × namespaces if unknown)).
[[nodiscard]] Diagnostics unknown_names(const Assertions& assertions,
                                        std::span<const Snapshot* const> states);

}  // namespace meshproof
