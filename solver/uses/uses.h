#pragma once

#include "model/observed_flow.h"
#include "model/reachability.h"
#include "model/snapshot.h"
#include "model/use.h"

namespace meshproof {

/// What of a state somebody uses, by the evidence that the state itself shows and by flows that
/// were observed (outputs.md, "Evidence of use"; SEMANTICS E1–E8). In the order of the strongest
/// sign of each, then of its object. A use is found whether or not it is reachable. Without any
/// evidence there is none, which proves nothing.
/// O(objects that can show uses + one pod of each workload + policies × namespaces + flows).
[[nodiscard]] Uses find_uses(const Snapshot& snapshot, const ObservedFlows& observed = {});

/// Only those that this kind of evidence or a stronger one shows, and none that was observed: what
/// APIs declare costs less to find than what containers and policies say.
[[nodiscard]] Uses find_uses_up_to(const Snapshot& snapshot, UseEvidence weakest);

/// The end of a connection that the pod belongs to, as reports name it: its workload.
[[nodiscard]] EndpointName end_name(const Cluster& cluster, PodId pod);

}  // namespace meshproof
