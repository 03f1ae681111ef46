#include "solver/uses/judge.h"

#include <algorithm>
#include <map>
#include <utility>

#include "solver/checks/lacking.h"
#include "solver/uses/changed_pairs.h"
#include "solver/uses/two_states.h"
#include "solver/uses/uses.h"

namespace meshproof {
namespace {

/// Of a use with so few pairs of classes all are asked, changed or not.
constexpr std::size_t kPairsSpared = 16;

using Connections = std::map<std::pair<EndpointName, EndpointName>, PortSet>;

/// Goes through the flows of one use.
class UseJudge {
 public:
  /// Without `changed` every pair is asked.
  UseJudge(TwoStates& states, const ChangedPairs* changed, JudgedUses& judged)
      : states_(states), changed_(changed), judged_(judged) {}

  void judge(const Use& use);

 private:
  /// What was found of one use.
  struct Tally {
    Connections lost;
    Connections gained;
    bool has_open = false;
    bool has_closed = false;
    std::string unknown;
  };

  void judge_pair(const UseClass& src, const UseClass& dst, const PortSet& ports, Tally& tally);
  void judge_flow(const UsedFlow& flow, const UseClass& src, const UseClass& dst, Tally& tally);
  void add_lost(const UsedFlow& flow, Decision decision, const UseClass& src, const UseClass& dst,
                Tally& tally);

  TwoStates& states_;
  const ChangedPairs* changed_;
  JudgedUses& judged_;
};

void add_connections(const UseClass& src, const UseClass& dst, const PortSet& ports,
                     Connections& connections) {
  for (const EndpointName& from : src.names) {
    for (const EndpointName& to : dst.names) {
      PortSet& all = connections[{from, to}];
      all = all.unite(ports);
    }
  }
}

std::vector<UsedConnection> spelled_out(Connections connections) {
  std::vector<UsedConnection> result;
  for (auto& [ends, ports] : connections) {
    result.push_back({ends.first, ends.second, std::move(ports)});
  }
  return result;
}

void UseJudge::add_lost(const UsedFlow& flow, Decision decision, const UseClass& src,
                        const UseClass& dst, Tally& tally) {
  add_connections(src, dst, flow.ports(), tally.lost);
  const std::size_t pairs = src.size() * dst.size();
  if (judged_.witness) {
    judged_.witness->count += pairs;
    return;
  }
  judged_.witness = Violated{states_.name_of(flow.src),
                             states_.name_of(flow.dst),
                             flow.protocol,
                             flow.port,
                             std::move(decision.reasons),
                             {},
                             pairs,
                             false,
                             {}};
}

void UseJudge::judge_flow(const UsedFlow& flow, const UseClass& src, const UseClass& dst,
                          Tally& tally) {
  const auto [was, is] = states_.decide(flow);
  const bool may_be_lost = was.access != Access::Denied && is.access != Access::Allowed;
  tally.has_open = tally.has_open || is.is_allowed();
  if (was.is_allowed() && is.access == Access::Denied) return add_lost(flow, is, src, dst, tally);
  if (may_be_lost) {
    const Decision& unknown = is.access == Access::Unknown ? is : was;
    if (tally.unknown.empty()) {
      tally.unknown = states_.name_of(flow.src) + " to " + states_.name_of(flow.dst) + ": " +
                      unknown.reasons.front().text;
    }
  } else if (!is.is_allowed()) {
    tally.has_closed = true;
  } else if (was.access == Access::Denied) {
    add_connections(src, dst, flow.ports(), tally.gained);
  }
}

void UseJudge::judge_pair(const UseClass& src, const UseClass& dst, const PortSet& ports,
                          Tally& tally) {
  const auto pair = states_.different_members(src, dst);
  if (!pair) return;
  for (UsedFlow& flow : states_.flows_between(pair->first, pair->second, ports)) {
    judge_flow(flow, src, dst, tally);
  }
}

void UseJudge::judge(const Use& use) {
  Tally tally;
  const std::vector<UseTargetClass> targets = states_.targets_of(use);
  const std::size_t many =
      states_.pod_sources_of(use).size() + use.nodes.size() + use.blocks.size();
  const bool asks_all = changed_ == nullptr || many * targets.size() <= kPairsSpared;
  const auto projects = asks_all ? TwoStates::Projects{} : changed_->source_projects(targets);
  const std::vector<UseClass> sources = states_.sources_of(use, asks_all ? nullptr : &projects);
  for (const UseTargetClass& target : targets) {
    for (const UseClass& src : sources) {
      const bool is_asked = asks_all || changed_->may_differ(src, target.pods, target.ports);
      if (is_asked) judge_pair(src, target.pods, target.ports, tally);
    }
  }
  const std::string& words = use.signs.front().words;
  if (!tally.unknown.empty()) judged_.undecided.push_back(words + ": " + tally.unknown);
  const bool is_closed = asks_all && tally.has_closed && !tally.has_open && tally.lost.empty();
  if (is_closed && tally.unknown.empty()) judged_.unreachable.push_back(words);
  if (!tally.lost.empty()) {
    judged_.changes.lost.push_back({use.signs, use.source, spelled_out(std::move(tally.lost))});
  }
  if (!tally.gained.empty()) {
    judged_.changes.gained.push_back({use.signs, use.source, spelled_out(std::move(tally.gained))});
  }
}

/// The uses that the test picks.
template <typename IsAsked>
JudgedUses judge_those(TwoStates states, const ChangedPairs* changed, const Uses& uses,
                       const IsAsked& is_asked) {
  JudgedUses judged;
  judged.changes.found = uses.uses.size();
  judged.unjudged = uses.unjudged;
  UseJudge judge(states, changed, judged);
  for (const Use& use : uses.uses) {
    if (is_asked(use)) judge.judge(use);
  }
  return judged;
}

/// By id, whether something that comes in at a workload is not as it was.
std::vector<bool> touched_workloads(const Cluster& cluster, const ChangedPairs& changed) {
  std::vector<bool> touched;
  touched.reserve(cluster.workloads.size());
  for (const Workload& workload : cluster.workloads) {
    touched.push_back(
        changed.touches({cluster.at(workload.ns).name, workload.kind, workload.name, {}}));
  }
  return touched;
}

}  // namespace

JudgedUses judge_uses(const Snapshot& before, const Snapshot& after, const Uses& uses,
                      const ReachabilityChange& change) {
  const ChangedPairs changed(change);
  const std::vector<bool> touched = touched_workloads(before.cluster, changed);
  const auto is_touched = [&](const UseTarget& target) {
    return touched[before.cluster.at(target.pod).workload.value];
  };
  const auto is_asked = [&](const Use& use) {
    return std::ranges::any_of(use.targets, is_touched);
  };
  if (std::ranges::none_of(uses.uses, is_asked)) {
    return {{uses.uses.size(), {}, {}}, {}, {}, {}, uses.unjudged};
  }
  if (before.coverage.is_silent()) {
    return judge_those(TwoStates(before.cluster, after.cluster), &changed, uses, is_asked);
  }
  // SEMANTICS C: nothing holds over a part that was not collected.
  const Snapshot marked_before = mark_uncollected(before);
  const Snapshot marked_after = mark_uncollected(after);
  return judge_those(TwoStates(marked_before.cluster, marked_after.cluster), &changed, uses,
                     is_asked);
}

JudgedUses judge_uses(const Snapshot& state, const Uses& uses) {
  return judge_those(TwoStates(state.cluster), nullptr, uses, [](const Use&) { return true; });
}

}  // namespace meshproof
