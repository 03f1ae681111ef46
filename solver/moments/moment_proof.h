#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/moments.h"
#include "model/snapshot.h"
#include "solver/engines/smt.h"
#include "solver/evidence.h"

namespace meshproof {

/// A rule about pairs, asked of every pod that could exist.
struct ProvedMoments {
  /// The flow and the moment that break it, in words, confirmed by evaluate() in both states and in
  /// that moment; empty if there is none.
  std::string broken;
  std::vector<Tree> manifests;  ///< of its ends that do not exist, ready to create
  bool by_existing_pods = false;
  std::string undecided;  ///< why it is not known; else empty

  [[nodiscard]] bool is_proved() const { return broken.empty() && undecided.empty(); }
};

struct MomentProofOptions {
  SmtLimits limits = {};
  /// With more kinds of projects that change (AlikeSources::size) the question is not put.
  std::size_t most_projects = 24;
  EvidenceSinks evidence = {};
};

/// Decides a rule for all parts of the steps of a stage at once, with the steps as variables of one
/// question for each destination (SEMANTICS W, verification.md 3.4), between pods of existing and
/// future projects. Alike sources count once, and alike destinations are solved once. NoPivot:
/// prove_no_pivot(), paths of two hops. In SDN mode NetworkPolicy.
[[nodiscard]] ProvedMoments prove_moments(const Snapshot& before, const Snapshot& after,
                                          const std::vector<Stage>& stages, MomentRule rule,
                                          const MomentProofOptions& options = {});

class MomentFrame;
/// The same for who asks about several rules.
[[nodiscard]] ProvedMoments prove_moments(const MomentFrame& frame, MomentRule rule,
                                          const MomentProofOptions& options);

}  // namespace meshproof
