#pragma once

#include <vector>

#include "model/snapshot.h"
#include "model/tree.h"

namespace meshproof {

/// The snapshot with these objects put into it, and the same network: it was decided for, and is
/// not found once more. Nothing is told about the objects, which must be well-formed. Symbols keep
/// their numbers, and where no namespace is new so do namespaces, pods and nodes. O(pods +
/// objects).
[[nodiscard]] Snapshot with_objects(const Snapshot& snapshot, const std::vector<Tree>& manifests);

}  // namespace meshproof
