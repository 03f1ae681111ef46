#pragma once

#include <string>
#include <vector>

#include "model/flow.h"
#include "model/snapshot.h"
#include "model/tree.h"
#include "model/verdict.h"
#include "solver/engines/flows/flow_problem.h"

namespace meshproof {

/// A counterexample made real: what one would have to create, and what evaluate() then says.
struct Replay {
  std::string src;  ///< `outsider/intruder`, or an address outside
  std::string dst;
  /// Ready to create: the namespace if it is a future one, the source pod and the destination pod
  /// where the input has none that does.
  std::vector<Tree> manifests;
  Decision decision;
};

/// Adds the counterexample's objects to a copy of the snapshot, projects it and decides the flow.
/// The copy's pods run and have the addresses of the counterexample; a future namespace has a
/// NetNamespace with a fresh NetID where the others have one. O(size of the snapshot).
[[nodiscard]] Replay replay(const Snapshot& snapshot, const Counterexample& counterexample);

/// Puts a witness with manifests to evaluate() once more, from the manifests alone: their pods are
/// taken as about to run, so that what hangs on an address is Unknown. Unknown, too, if an end that
/// it names is not there then. O(size of the snapshot).
[[nodiscard]] Decision replay_witness(const Snapshot& snapshot, const Violated& violated);

}  // namespace meshproof
