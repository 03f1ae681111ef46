#pragma once

#include "model/cluster.h"
#include "model/suggestion.h"

namespace meshproof {

/// Whether a pod of this cluster has all of these labels; of a project likewise.
[[nodiscard]] bool has_labels(const Cluster& cluster, const Labels& labels,
                              const LabelPairs& wanted);

/// Whether a rule means this pod: as the one that the policy selects, and as its peer. A peer that
/// is a block means the pods with an address in it, and hostNetwork pods by what their node sends
/// from.
[[nodiscard]] bool is_subject(const Cluster& cluster, const KeptRule& rule, PodId pod);
[[nodiscard]] bool is_peer(const Cluster& cluster, const KeptRule& rule, PodId pod);
/// Whether the rule's peer is a block with an address that the node sends from.
[[nodiscard]] bool is_peer(const Cluster& cluster, const KeptRule& rule, NodeId node);

}  // namespace meshproof
