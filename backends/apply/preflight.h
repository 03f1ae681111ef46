#pragma once

#include <string>
#include <vector>

#include "backends/apply/live_state.h"
#include "backends/cluster.h"
#include "model/diagnostic.h"
#include "model/execution.h"

namespace meshproof {

struct PreflightOptions {
  Via via = Via::Roll;
  bool force = false;  ///< also objects that carry tracking marks
  /// Goes on with a run that has begun: what the plan touches may be on its way.
  bool is_under_way = false;
};

/// Why a plan must not be carried out in this cluster, all at once; nothing is written. Errors:
/// `plan-without-cluster` (made of manifests that do not say whose they are), `other-cluster`,
/// `plan-stale` (one for each object that has changed since, with what became of it),
/// `missing-right` (one for each), `tracked-object` (one for each: Argo CD or Flux would undo what
/// is written), `kind-not-served`, and `cluster-failed` with what the server said.
[[nodiscard]] Diagnostics preflight(const Execution& execution, LiveCluster& cluster,
                                    const LiveState& live, const PreflightOptions& options);

/// Where the Lease of a run stands: in the namespaces of the meshes whose rolls or members change,
/// else in that of the first write. Never empty.
[[nodiscard]] std::vector<std::string> lease_namespaces(const Execution& execution);

/// The part of it that needs nothing but the cluster's identity.
[[nodiscard]] Diagnostics check_cluster(const Execution& execution, LiveCluster& cluster);

/// The part of it about rights: one `missing-right` for each that carrying out the plan needs and
/// we lack, in each namespace.
[[nodiscard]] Diagnostics check_rights(const Execution& execution, LiveCluster& cluster, Via via);

}  // namespace meshproof
