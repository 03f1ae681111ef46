#pragma once

#include <vector>

#include "solver/comparison.h"
#include "solver/connection_groups.h"
#include "solver/reacher.h"

/// What a what-if, or another network, tells class by class. Only the files of compare() include
/// this.
namespace meshproof {

/// Says which ends may differ, and which are plain: workloads of one class of the pod network, no
/// pair of which can be undecided. `changed` are the namespaces whose labels or rules differ.
/// O(ends + rows × terms).
void mark_ends(Reacher& before, Reacher& after, const std::vector<NamespaceId>& changed,
               std::vector<ComparedEnd>& ends);

/// The same for another network, where any may differ; says also which ends are told hosts: nodes
/// and blocks to which and from which rows say everything.
void mark_ends(Reacher& before, Reacher& after, std::vector<ComparedEnd>& ends);

/// What changed between plain ends. O(classes + rows that differ × what they hold + ends of the
/// groups).
void add_class_changes(Reacher& before, Reacher& after, const std::vector<ComparedEnd>& ends,
                       ConnectionGroups& gained, ConnectionGroups& lost);

}  // namespace meshproof
