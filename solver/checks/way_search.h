#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/assertion.h"
#include "model/cluster.h"
#include "model/verdict.h"
#include "solver/checks/groups.h"
#include "solver/evaluate.h"

/// What the statements about ways of several hops share (SEMANTICS Q3, Q4). Only their checks
/// include this.
namespace meshproof {

/// Ends of one side, as far as they are certain to be in their group, or may be.
struct WayEnds {
  std::vector<EndClass> certain;
  std::vector<EndClass> possible;  ///< those that may be in the group; without the certain ones

  [[nodiscard]] bool is_empty() const { return certain.empty() && possible.empty(); }
  /// All their pods, sorted. O(pods log).
  [[nodiscard]] std::vector<PodId> pods() const;
};

/// Ways from some ends to others, each hop a new connection from an end that was taken over before.
struct WayQuestion {
  WayEnds from;
  WayEnds to;
  WayEnds avoided;                    ///< no way leads over their pods
  PortSet arriving = PortSet::all();  ///< ports of the last hop
  std::size_t max_hops = 1;
};

/// What was found over all questions of one assertion.
struct WayTally {
  std::optional<Violated> violated;
  std::string unknown;  ///< why it is not known whether there is a way; the first reason
};

/// Looks for the shortest way and puts each of its hops to evaluate(); nothing is left to do once
/// there is a violation. Hops that evaluate() does not confirm make it unknown, and so do ways over
/// what may or may not be in a group. Costs find_paths(), twice at most.
void look_for_way(const Cluster& cluster, const Evaluator& evaluator, const WayQuestion& question,
                  WayTally& tally);

/// The ends of a group, without those whose pods are in `others` (sorted).
[[nodiscard]] WayEnds ends_without(const WayEnds& ends, const std::vector<PodId>& others);
/// Those whose pods are in `others` (sorted); addresses are in none.
[[nodiscard]] WayEnds ends_within(const WayEnds& ends, const std::vector<PodId>& others);

/// Resolves groups for ways: each end by itself told apart by `apart`.
[[nodiscard]] WayEnds resolve_ends(const GroupResolver& groups, const Group& group,
                                   Resolution::Side side, const std::vector<const Group*>& apart);

/// A question for each part of the pairs that the exceptions leave: ways of which one end is
/// excepted and the other is not count (SEMANTICS Q3). Takes ends that were told apart by the
/// exceptions.
[[nodiscard]] std::vector<WayQuestion> questions_without_exceptions(const WayQuestion& question,
                                                                    const Assertion& assertion,
                                                                    const GroupResolver& groups);

/// `3 pods`, `2 sample addresses`, `3 pods and 1 sample address`.
[[nodiscard]] std::string describe(const WayEnds& ends);

/// What every Holds about ways says of what ways are made of.
inline constexpr std::string_view kWaysRemark =
    "ways lead over pods that run, hostNetwork pods among them; nodes and addresses outside are no "
    "stepping stones";

}  // namespace meshproof
