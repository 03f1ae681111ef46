#pragma once

#include <vector>

#include "model/cluster.h"

namespace meshproof {

/// What kinds that enforce and are not modelled make undecided (SEMANTICS U1), by namespace: of
/// which pods, not by which objects, so that a flow is looked up however many objects there are.
struct UnmodelledFlows {
  /// O(namespaces + unmodelled objects).
  explicit UnmodelledFlows(const Cluster& cluster);

  bool everywhere = false;       ///< every flow, whoever its ends are
  std::vector<bool> namespaces;  ///< every flow of their pods
  std::vector<bool> leaving;     ///< what their pods send off the pod network
};

}  // namespace meshproof
