#pragma once

#include "solver/moments/moment_frame.h"
#include "solver/moments/moment_proof.h"

namespace meshproof {

/// Decides NoPivot for paths of two hops between pods of existing and future projects, and from
/// addresses outside (SEMANTICS W8, W13): one question for each pair of the projects of the pod in
/// the middle and of the last one, with a vector of steps for each hop (verification.md 3.4). The
/// pod in the middle has one project, labels and address in both. Beyond 20,000 pairs of projects,
/// and where addresses of two families count, undecided.
[[nodiscard]] ProvedMoments prove_no_pivot(const MomentFrame& frame,
                                           const MomentProofOptions& options);

}  // namespace meshproof
