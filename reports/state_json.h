#pragma once

#include <string>

#include "model/object.h"

namespace meshproof {

/// Every object of the store, whole, as a JSON `kind: List` that kubectl and any YAML parser read.
/// Numbers keep the text of the input. Ends with a line end.
[[nodiscard]] std::string state_json(const ObjectStore& objects);

}  // namespace meshproof
