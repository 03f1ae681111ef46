#pragma once

#include <optional>

#include "model/snapshot.h"
#include "model/suggestion.h"

/// By which labels policies name pods. Only the files of suggest() include this.
namespace meshproof {

/// The labels that tell the pods of this pod's workload from others and that they keep: those of
/// the workload's own selector, without what a rollout changes; else the fewest of the pod's labels
/// that select no more pods of its namespace than all of them do. Nothing if none are left.
[[nodiscard]] std::optional<LabelPairs> naming_labels(const Snapshot& snapshot, PodId pod);

/// The selector of a Service as labels; nothing if it has none.
[[nodiscard]] std::optional<LabelPairs> naming_labels(const Cluster& cluster, ServiceId service);

}  // namespace meshproof
