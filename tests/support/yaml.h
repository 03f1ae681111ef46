#pragma once

#include <string_view>
#include <vector>

#include "model/cluster.h"
#include "model/object.h"
#include "model/project.h"
#include "model/snapshot.h"

namespace meshproof {

/// The objects of manifests written in a test. The test fails if they have an error.
[[nodiscard]] ObjectStore objects_from(std::string_view yaml);

/// The objects in the order in which they stand, the same one several times too.
[[nodiscard]] std::vector<Tree> trees_from(std::string_view yaml);

/// The same objects as a Cluster or a whole Snapshot. The test fails if project() tells an error.
[[nodiscard]] Cluster cluster_from(std::string_view yaml, const NetworkOptions& options = {});
[[nodiscard]] Snapshot snapshot_from(std::string_view yaml, const NetworkOptions& options = {});

}  // namespace meshproof
