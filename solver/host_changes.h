#pragma once

#include <functional>
#include <vector>

#include "solver/comparison.h"
#include "solver/connection_groups.h"
#include "solver/reacher.h"

/// What another network changes between pods and hosts, told by what rows say of hosts. Only the
/// files of compare() include this.
namespace meshproof {

/// Compares one pair of ends in both states and adds what changed.
using ComparePair = std::function<void(EndId src, EndId dst)>;

/// What changed between plain ends and told hosts, both ways. Of plain ends whose rows say the same
/// of hosts one speaks for all; a pod and its own node, and what is not certain, are pairs for
/// `compare`. O(rows × what they hold of hosts + distinct rows × hosts + pods + ends of the
/// groups).
void add_host_changes(Reacher& before, Reacher& after, const std::vector<ComparedEnd>& ends,
                      const ComparePair& compare, ConnectionGroups& gained, ConnectionGroups& lost);

}  // namespace meshproof
