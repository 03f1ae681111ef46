#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/mesh/injection.h"
#include "model/prediction.h"
#include "model/result.h"
#include "model/snapshot.h"

namespace meshproof {

/// A workload after a change, and what was decided about its pods before it.
struct InjectionChange {
  WorkloadInjection after;
  std::optional<InjectionDecision> before;  ///< none if there was no such workload
};

/// What a change does to sidecars: the operator restarts no pod, so those that run stay as they are
/// until somebody does (operator.md 8.1, 8.2).
struct InjectionChanges {
  std::vector<InjectionChange> workloads;  ///< by namespace, name and kind
  /// What is not read of the control planes that decide, by their namespaces: `mesh: sentence`.
  std::vector<std::string> unmodelled;
};

/// The workloads of the namespaces that the change touches: those that join or leave, those in
/// which the user writes Namespaces or what makes pods, and others in which something is decided
/// otherwise than before. Both states are projections of the prediction's. O(workloads and pods of
/// the namespaces that are written to). Error `unknown-operator-version`.
[[nodiscard]] Result<InjectionChanges> injection_changes(const Snapshot& before,
                                                         const Snapshot& after,
                                                         const Prediction& prediction,
                                                         const PredictOptions& options);

}  // namespace meshproof
