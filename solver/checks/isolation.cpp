#include "solver/checks/isolation.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "solver/checks/lacking.h"
#include "solver/checks/way_search.h"

namespace meshproof {
namespace {

/// The ways from each group to each other one.
class MutualWays {
 public:
  MutualWays(const Snapshot& snapshot, const Assertion& assertion)
      : cluster_(snapshot.cluster),
        assertion_(assertion),
        groups_(snapshot.cluster),
        evaluator_(snapshot.cluster, PendingPods::WillRun) {}

  void look(const Group& from, const Group& to);
  [[nodiscard]] Finding conclude() &&;
  [[nodiscard]] const GroupResolver& groups() const { return groups_; }

 private:
  void ask(WayEnds from, WayEnds to);

  const Cluster& cluster_;
  const Assertion& assertion_;
  const GroupResolver groups_;
  const Evaluator evaluator_;
  WayTally tally_;
  std::string scope_;
};

void MutualWays::ask(WayEnds from, WayEnds to) {
  WayQuestion question;
  question.from = std::move(from);
  question.to = std::move(to);
  question.arriving = assertion_.ports;
  question.max_hops = assertion_.hops;
  for (const WayQuestion& each : questions_without_exceptions(question, assertion_, groups_)) {
    look_for_way(cluster_, evaluator_, each, tally_);
  }
}

void MutualWays::look(const Group& from, const Group& to) {
  if (tally_.violated) return;
  std::vector<const Group*> apart;
  if (assertion_.except_from) apart.push_back(&*assertion_.except_from);
  if (assertion_.except_to) apart.push_back(&*assertion_.except_to);
  const WayEnds sources = resolve_ends(groups_, from, Resolution::Side::Source, apart);
  const WayEnds targets = resolve_ends(groups_, to, Resolution::Side::Destination, apart);
  scope_ += (scope_.empty() ? "" : "; ") + describe(sources) + " × " + describe(targets);
  const std::vector<PodId> from_pods = sources.pods();
  const std::vector<PodId> to_pods = targets.pods();
  std::vector<PodId> common;
  std::ranges::set_intersection(from_pods, to_pods, std::back_inserter(common));
  if (common.empty()) {
    ask(sources, targets);
    return;
  }
  ask(ends_without(sources, common), targets);
  ask(ends_within(sources, common), ends_without(targets, common));
  if (common.size() > 1 && tally_.unknown.empty()) {
    tally_.unknown = "groups " + from.name + " and " + to.name + " have " +
                     std::to_string(common.size()) +
                     " pods in common, and ways of several hops among these are not looked for";
  }
}

Finding MutualWays::conclude() && {
  if (tally_.violated) return std::move(*tally_.violated);
  if (!tally_.unknown.empty()) return Undecided{std::move(tally_.unknown)};
  return Holds{Universe::Enumerated, std::move(scope_) + ", up to " +
                                         std::to_string(assertion_.hops) + " hops; " +
                                         std::string(kWaysRemark)};
}

}  // namespace

Decided check_isolation(const JudgedState& state, const Assertion& assertion) {
  Decided first = decide_flows(state, assertion);
  const bool is_over = std::holds_alternative<Violated>(first.finding) ||
                       std::holds_alternative<Vacuous>(first.finding);
  if (assertion.hops == 1 || is_over) return first;
  if (is_unbounded(assertion)) {
    first.finding = Undecided{
        "ways of several hops are looked for among the pods of the input, not of a universe "
        "unbounded; one hop is not a violation"};
    return first;
  }
  MutualWays ways(state.snapshot(), assertion);
  for (const Group& from : assertion.between) {
    for (const Group& to : assertion.between) {
      if (&from != &to) ways.look(from, to);
    }
  }
  const Lacking lacking = lacking_for_ways(assertion, state.snapshot(), ways.groups());
  Finding finding = std::move(ways).conclude();
  const bool stays_unknown =
      std::holds_alternative<Undecided>(first.finding) && std::holds_alternative<Holds>(finding);
  if (stays_unknown) finding = std::move(first.finding);
  return {limited(std::move(finding), lacking), {Decider::Evaluation, Decider::AllPairs}};
}

}  // namespace meshproof
