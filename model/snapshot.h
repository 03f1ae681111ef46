#pragma once

#include "model/cluster.h"
#include "model/coverage.h"
#include "model/object.h"

namespace meshproof {

/// The state of one cluster: every object whole, and the typed view of those that decide who
/// reaches whom. `cluster` is always project() of `objects`.
struct Snapshot {
  ObjectStore objects;
  Coverage coverage;
  Cluster cluster;
};

}  // namespace meshproof
