#pragma once

#include <vector>

#include "model/diagnostic.h"
#include "model/object.h"

namespace meshproof {

/// One store of all objects, whatever their order. The same object twice is one if nothing differs
/// (uid and resourceVersion, or the whole content); of two states of one uid the newer wins (note
/// `object-twice`), of several versions of one object that of the newest API version. A Project is
/// its Namespace. Errors: `conflicting-objects`, and `two-clusters` where two kube-system
/// namespaces or two clusterIDs show that the files come from different clusters.
[[nodiscard]] ObjectStore merge_objects(std::vector<Object> objects, Diagnostics& diagnostics);

}  // namespace meshproof
