#pragma once

#include "model/cluster.h"
#include "model/namespace_matrix.h"

namespace meshproof {

/// Who reaches whom, project by project, and by which rules: every project of the cluster, those
/// without pods too, and every block of addresses that reach() shows. Ports are those of reach():
/// pods that are pending count as running, completed ones not at all. Projects that send alike are
/// neighbours among the ends; those without a pod come last, before the blocks.
///
/// What hangs on one end alone is worked out for that end (all pairs: rows, and which of them tell
/// the other ends apart), and what two ends have to do with each other once for all pairs that are
/// alike. O(ends² + classes × rules), where the first is a comparison of two numbers for most.
[[nodiscard]] NamespaceMatrix namespace_matrix(const Cluster& cluster);

}  // namespace meshproof
