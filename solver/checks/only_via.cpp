#include "solver/checks/only_via.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

#include "solver/checks/lacking.h"
#include "solver/checks/way_search.h"

namespace meshproof {
namespace {

std::vector<PodId> both(const std::vector<PodId>& one, const std::vector<PodId>& other) {
  std::vector<PodId> result;
  std::ranges::set_union(one, other, std::back_inserter(result));
  return result;
}

Finding judge(const Snapshot& snapshot, const Assertion& assertion, const GroupResolver& groups) {
  std::vector<const Group*> apart;
  if (assertion.except_from) apart.push_back(&*assertion.except_from);
  if (assertion.except_to) apart.push_back(&*assertion.except_to);
  const auto resolved = [&](const Group& group, Resolution::Side side) {
    return resolve_ends(groups, group, side, apart);
  };
  const WayEnds from = resolved(assertion.from, Resolution::Side::Source);
  const WayEnds to = resolved(assertion.to, Resolution::Side::Destination);
  WayEnds via = resolved(assertion.via, Resolution::Side::Destination);
  std::erase_if(via.certain, [](const EndClass& one) { return one.pods.empty(); });
  std::erase_if(via.possible, [](const EndClass& one) { return one.pods.empty(); });
  for (const auto& [ends, group] :
       {std::pair{&from, &assertion.from}, std::pair{&to, &assertion.to}}) {
    const bool is_nothing = ends->certain.empty() && !group->allow_empty;
    if (is_nothing) return Vacuous{"group " + group->name + " selects nothing"};
  }
  const bool lacks_via = via.certain.empty() && !assertion.via.allow_empty;
  if (lacks_via) return Vacuous{"group " + assertion.via.name + " selects no pod"};

  WayQuestion question;
  question.avoided = via;
  question.arriving = assertion.ports;
  question.max_hops = snapshot.cluster.pods.size() + 1;
  // What may be in `via` or `to`, or not, is asked about all the same.
  const std::vector<PodId> passed = WayEnds{via.certain, {}}.pods();
  const std::vector<PodId> arrived = WayEnds{to.certain, {}}.pods();
  question.from = ends_without(from, both(passed, arrived));
  question.to = ends_without(to, passed);
  if (question.from.is_empty() || question.to.is_empty()) {
    return Vacuous{"nothing of " + assertion.from.name + " lies outside of " + assertion.to.name +
                   " and " + assertion.via.name + " that could get to anything outside of " +
                   assertion.via.name};
  }
  const Evaluator evaluator(snapshot.cluster, PendingPods::WillRun);
  WayTally tally;
  for (const WayQuestion& each : questions_without_exceptions(question, assertion, groups)) {
    look_for_way(snapshot.cluster, evaluator, each, tally);
  }
  if (tally.violated) return std::move(*tally.violated);
  if (!tally.unknown.empty()) return Undecided{std::move(tally.unknown)};
  return Holds{Universe::Enumerated, describe(question.from) + " × " + describe(question.to) +
                                         " by way of " + describe(via) +
                                         ", any number of hops; what is in " + assertion.to.name +
                                         " already is no source; " + std::string(kWaysRemark)};
}

}  // namespace

Decided check_only_via(const JudgedState& state, const Assertion& assertion) {
  for (const Group* group : {&assertion.from, &assertion.to, &assertion.via}) {
    if (!group->unbounded) continue;
    return {Undecided{"universe unbounded is not decided for group " + group->name +
                      " of an only-via: ways are looked for among the pods of the input"},
            {}};
  }
  const GroupResolver groups(state.snapshot().cluster);
  Finding finding = judge(state.snapshot(), assertion, groups);
  return {limited(std::move(finding), lacking_for_ways(assertion, state.snapshot(), groups)),
          {Decider::AllPairs, Decider::Evaluation}};
}

}  // namespace meshproof
