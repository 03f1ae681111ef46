#pragma once

#include <vector>

#include "model/assertion.h"
#include "model/diagnostic.h"

namespace meshproof {

/// Tells assertions that say the opposite about the same flows, whatever the cluster: one that
/// denies them (deny, isolate) and one that allows them, in the same moment, where on each side one
/// group is surely part of the other. Each `allow` is told with the first that it contradicts
/// (`contradicting-assertions`, an error). What hangs on the cluster shows as a violation of one of
/// them. O(allowing × denying assertions).
void find_contradictions(const std::vector<Assertion>& assertions, Diagnostics& diagnostics);

}  // namespace meshproof
