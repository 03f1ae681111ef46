#pragma once

#include <string>

#include "model/object.h"

namespace meshproof {

/// The text that `snapshot` would write of a cluster that holds these objects.
[[nodiscard]] std::string snapshot_of(const ObjectStore& objects, bool redact);

}  // namespace meshproof
