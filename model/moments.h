#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "model/flow.h"
#include "model/prediction.h"
#include "model/tree.h"
#include "model/verdict.h"

namespace meshproof {

/// Writes between two barriers. A barrier means: everything before it is in effect everywhere
/// before anything after it is written. Within a stage any part of the steps may be in effect
/// (verification.md 3.2): what is written is seen at different times at different places. Writes to
/// one object are seen in their order.
struct Stage {
  std::vector<Step> steps;
  /// True: a step is written only when the steps of its project with lower ranks are in effect, so
  /// that only those parts count that no step of the same project with a lower rank is missing in.
  /// Steps without a project, and the SDN master's own, are bound by nothing.
  bool in_order = false;
  std::string waits_for;  ///< of the barrier at its end, in words; empty for the last one
};

/// How many hops the paths of NoPivot have at most, unless more are asked for (SEMANTICS W8).
inline constexpr std::size_t kPivotHops = 2;

/// What must be so in every moment between the state before and the state after.
enum class MomentRule : std::uint8_t {
  NoBlackhole,  ///< a flow that both states have is never cut
  NoBreach,     ///< a flow that neither state has never opens
  NoPivot,      ///< no path of several hops opens that neither state has
};
/// `no-blackhole`, `no-breach`, `no-pivot`.
[[nodiscard]] std::string_view to_string(MomentRule rule);

/// One hop of what is wrong in a moment.
struct MomentHop {
  std::string src;
  std::string dst;
  Protocol protocol = Protocol::Tcp;
  std::uint16_t port = 0;
  bool is_open = false;  ///< in that moment
  /// What is in effect where this hop is decided: of BadMoment::in_effect all, or of several hops
  /// what the node of each has seen.
  std::vector<std::size_t> in_effect = {};
  std::vector<Reason> reasons;
};

/// The shortest moment that breaks a rule: as few steps in effect as possible.
struct BadMoment {
  MomentRule rule = MomentRule::NoBlackhole;
  std::size_t stage = 0;
  std::vector<std::size_t>
      in_effect;                     ///< indices into that stage's steps; earlier stages are whole
  std::vector<std::size_t> pending;  ///< those of the same projects that are not
  std::vector<MomentHop> hops;       ///< one; several for NoPivot. Replayed by evaluate()
  std::vector<Tree> manifests;       ///< of ends that do not exist, ready to create
  /// In sentences: these writes have taken effect, those have not, this pod reaches that one (or
  /// does not), until that write takes effect.
  std::vector<std::string> story;
};

/// The rule holds in every moment: of the pods of the input, or of all that could exist.
struct SafeMoments {
  Universe universe = Universe::Enumerated;
  std::string scope;  ///< `2^24 parts of 24 writes in 6 projects of 2 classes`
};

/// What became of one rule.
struct MomentVerdict {
  MomentRule rule = MomentRule::NoBlackhole;
  std::variant<SafeMoments, BadMoment, Undecided> finding;
  std::vector<Decider> deciders;
  std::size_t hops = kPivotHops;  ///< of the longest paths that NoPivot spoke of
};

/// `two hops`, `up to 4 hops`.
[[nodiscard]] std::string pivot_hops_in_words(std::size_t hops);

}  // namespace meshproof
