#pragma once

#include <string>

#include "model/coverage.h"
#include "model/object.h"

namespace meshproof {

/// Every object of the store, whole, as a JSON `kind: List` that kubectl and any YAML parser read.
/// Numbers keep the text of the input. What the input lacks is lacking here too: its ledger stands
/// beside the items as `coverage`, unless it is silent. Ends with a line end.
[[nodiscard]] std::string state_json(const ObjectStore& objects, const Coverage& coverage = {});

}  // namespace meshproof
