#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/assertion.h"
#include "model/cluster.h"
#include "model/snapshot.h"
#include "model/verdict.h"
#include "solver/recheck.h"

/// How recheck() works verdicts out. Only its files include this.
namespace meshproof {

/// Puts each hop of a witness to evaluate(), in the state where it must be open, or closed.
[[nodiscard]] RecheckResult replay_violation(const RecheckedState& state, const Violated& violated,
                                             bool is_about_change);

/// Asks about every pair of pods and addresses of an assertion that holds, one by one, on every
/// port that the rules can tell apart; of too many pairs evenly chosen ones.
[[nodiscard]] RecheckResult recheck_pairs(const Snapshot& snapshot, const Assertion& assertion,
                                          std::uint64_t limit);

/// The same of both states, for `unchanged`.
[[nodiscard]] RecheckResult recheck_unchanged(const Snapshot& before, const Snapshot& after,
                                              const Assertion& assertion, std::uint64_t limit);

/// Makes the graph of all pairs of pods for an isolate over several hops or an only-via that
/// holds, and decides it there: hops by breadth, only-via by the dominator tree.
[[nodiscard]] RecheckResult recheck_ways(const Snapshot& snapshot, const Assertion& assertion,
                                         std::uint64_t limit);

/// Puts the finite cases of a statement about every pod that could exist to evaluate(), without a
/// solver, and its pods of the input as recheck_pairs() does. Null: a built-in statement.
[[nodiscard]] RecheckResult recheck_unbounded(const Snapshot& snapshot, const Verdict& verdict,
                                              const Assertion* assertion,
                                              const RecheckLimits& limits);

/// Evenly chosen numbers below `count`: each once, at most about `wanted`.
class EvenChoice {
 public:
  EvenChoice(std::uint64_t count, std::uint64_t wanted);

  [[nodiscard]] bool is_all() const { return step_ == 1; }
  /// How many are chosen.
  [[nodiscard]] std::uint64_t size() const { return chosen_; }
  [[nodiscard]] std::uint64_t at(std::uint64_t index) const { return index * step_; }

 private:
  std::uint64_t step_ = 1;
  std::uint64_t chosen_ = 0;
};

/// `shop/web-1 → pay/api TCP 8443`.
[[nodiscard]] std::string flow_words(std::string_view src, std::string_view dst, Protocol protocol,
                                     std::uint16_t port);

/// `every pair of 3 and 12 ends`, `20 of the pairs of 3 and 12 ends, evenly chosen`.
[[nodiscard]] std::string pairs_words(std::size_t from, std::size_t to, const EvenChoice& choice);

}  // namespace meshproof
