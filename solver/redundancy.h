#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/snapshot.h"
#include "solver/engines/smt.h"

namespace meshproof {

/// A policy, or one of its rules, without which the policies of its namespace admit the same.
struct RedundantPart {
  PolicyId policy;
  Direction direction = Direction::Ingress;  ///< of the rule
  std::optional<std::size_t> rule;           ///< none: the whole policy
};

struct Redundancy {
  /// In order of policies. All of them can be left out together.
  std::vector<RedundantPart> parts;
  /// Policies and rules that were asked about, and of how many of them the answer is not known:
  /// egress to addresses, which a proof about pods does not see, or a solver that gave up.
  std::size_t asked = 0;
  std::size_t undecided = 0;
  std::string obstacle;  ///< why nothing could be asked at all; else empty
};

/// Finds them, proved for every pod that could exist as the other end (SEMANTICS Q): policies
/// first, then rules of those that stay. `counts`: which policies may be left out; others stay and
/// count as what is said otherwise. O(policies × size of the policies of their namespace), and the
/// solver's work, once for equal questions.
[[nodiscard]] Redundancy find_redundancy(const Snapshot& snapshot,
                                         const std::function<bool(const NetworkPolicy&)>& counts,
                                         const SmtLimits& limits = {});

}  // namespace meshproof
