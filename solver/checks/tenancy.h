#pragma once

#include <vector>

#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/verify.h"

namespace meshproof {

/// `builtin:tenancy`: nobody outside mesh X reaches a pod of one of its member projects, but for
/// what is exposed on purpose (SEMANTICS T1–T12). A verdict per mesh, by control-plane namespace;
/// one Vacuous verdict where there is no mesh.
///
/// Holds speaks of every pod that could ever exist, whatever its labels and project. In SDN mode
/// NetworkPolicy it is proved by Z3, and a counterexample is shown only after evaluate() has
/// confirmed it; in the modes Multitenant and Subnet it is read off the NetIDs, without a solver.
[[nodiscard]] std::vector<Verdict> check_tenancy(const Snapshot& snapshot,
                                                 const VerifyOptions& options);

/// `builtin:control-plane`: the same of the control-plane project itself.
[[nodiscard]] std::vector<Verdict> check_control_plane(const Snapshot& snapshot,
                                                       const VerifyOptions& options);

}  // namespace meshproof
