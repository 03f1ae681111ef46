#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "solver/checks/groups.h"
#include "solver/checks/port_samples.h"
#include "solver/dominators.h"
#include "solver/evaluate.h"
#include "solver/recheck/recheck_parts.h"

namespace meshproof {
namespace {

constexpr std::uint32_t kNoVertex = std::numeric_limits<std::uint32_t>::max();

/// Which ends a group has, and those of its exception among them.
struct GroupEnds {
  std::set<FlowEnd> all;
  std::set<FlowEnd> excepted;
};

GroupEnds ends_of(const GroupResolver& groups, const Group& group, Resolution::Side side,
                  const std::optional<Group>& except) {
  Resolution resolution;
  resolution.side = side;
  if (except) resolution.apart.push_back(&*except);
  GroupEnds ends;
  for (const EndClass& one : groups.resolve(group, resolution).classes) {
    const bool is_excepted = except && groups.contains(*except, one);
    const auto add = [&](const FlowEnd& end) {
      ends.all.insert(end);
      if (is_excepted) ends.excepted.insert(end);
    };
    for (const PodId pod : one.pods) add(pod);
    if (one.service.is_valid()) {
      add(one.service);
    } else if (one.pods.empty()) {
      add(one.addresses.front());
    }
  }
  return ends;
}

/// A vertex for each pod that runs, whatever it is, and for each address that a group means; an
/// edge for each pair of which evaluate() lets some port through, whatever it says of the others.
class WayGraph {
 public:
  explicit WayGraph(const Cluster& cluster)
      : cluster_(cluster),
        evaluator_(cluster, PendingPods::WillRun),
        samples_(cluster, PortSet::all()) {
    for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
      if (!cluster.pods[i].is_completed()) pods_.emplace_back(PodId{i});
    }
  }

  [[nodiscard]] const std::vector<FlowEnd>& pods() const { return pods_; }
  [[nodiscard]] std::uint64_t flows() const { return flows_; }

  /// Open, or not decided, on one of the ports.
  [[nodiscard]] bool may_reach(const FlowEnd& src, const FlowEnd& dst, const PortSet& ports) {
    for (const auto& [protocol, port] : samples_.between(src, dst, true)) {
      if (!ports.is_all() && !ports.contains(protocol, port)) continue;
      ++flows_;
      if (evaluator_.evaluate({src, dst, protocol, port}).access != Access::Denied) return true;
    }
    return false;
  }

 private:
  const Cluster& cluster_;
  const Evaluator evaluator_;
  PortSamples samples_;
  std::vector<FlowEnd> pods_;
  std::uint64_t flows_ = 0;
};

/// From whom, to whom.
struct Ways {
  std::set<FlowEnd> sources;
  std::set<FlowEnd> targets;
};

/// The pairs that the exceptions leave: those whose source is not excepted, and those whose target
/// is not.
std::vector<Ways> parts_of(const GroupEnds& from, const GroupEnds& to, const Assertion& assertion) {
  const auto without = [](const GroupEnds& ends) {
    std::set<FlowEnd> rest;
    std::ranges::set_difference(ends.all, ends.excepted, std::inserter(rest, rest.end()));
    return rest;
  };
  if (!assertion.except_from && !assertion.except_to) return {{from.all, to.all}};
  std::vector<Ways> parts;
  if (assertion.except_from) parts.push_back({without(from), to.all});
  if (assertion.except_to) parts.push_back({from.all, without(to)});
  return parts;
}

/// By breadth, without regard to who was visited for another target: whoever is reached within the
/// hops, but for the pod that a way began at.
std::optional<std::pair<FlowEnd, FlowEnd>> within_hops(WayGraph& graph, const Ways& ways,
                                                       const Assertion& assertion) {
  for (const FlowEnd& source : ways.sources) {
    std::set<FlowEnd> seen{source};
    std::vector<FlowEnd> frontier{source};
    for (std::uint32_t hop = 1; hop <= assertion.hops && !frontier.empty(); ++hop) {
      std::vector<FlowEnd> next;
      for (const FlowEnd& at : frontier) {
        for (const FlowEnd& target : ways.targets) {
          const bool counts = target != source && target != at;
          if (counts && graph.may_reach(at, target, assertion.ports)) return {{source, target}};
        }
        for (const FlowEnd& pod : graph.pods()) {
          if (seen.contains(pod) || !graph.may_reach(at, pod, PortSet::all())) continue;
          seen.insert(pod);
          next.push_back(pod);
        }
      }
      frontier = std::move(next);
    }
  }
  return std::nullopt;
}

/// All of `via` is one vertex, and each target has one of its own, to which only arrivals lead.
std::optional<FlowEnd> past_gate(WayGraph& graph, const Ways& ways, const std::set<FlowEnd>& via,
                                 const PortSet& ports) {
  std::vector<FlowEnd> ends = graph.pods();
  for (const FlowEnd& source : ways.sources) {
    if (!std::holds_alternative<PodId>(source)) ends.push_back(source);
  }
  constexpr std::uint32_t kRoot = 0;
  constexpr std::uint32_t kGate = 1;
  std::uint32_t count = 2;
  std::map<FlowEnd, std::uint32_t> places;
  for (const FlowEnd& end : ends) places[end] = via.contains(end) ? kGate : count++;
  std::map<FlowEnd, std::uint32_t> arrivals;
  std::vector<std::uint32_t> targets;
  for (const FlowEnd& target : ways.targets) {
    if (via.contains(target)) continue;
    targets.push_back(arrivals[target] = count++);
  }
  Links links{count, {}};
  for (const FlowEnd& source : ways.sources) {
    const bool is_there = !ways.targets.contains(source);
    if (is_there) links.edges.emplace_back(kRoot, places.at(source));
  }
  for (const FlowEnd& src : ends) {
    const bool may_step = std::holds_alternative<PodId>(src) || ways.sources.contains(src);
    if (!may_step) continue;
    for (const FlowEnd& dst : graph.pods()) {
      if (src == dst || places[src] == places[dst]) continue;
      if (graph.may_reach(src, dst, PortSet::all())) {
        links.edges.emplace_back(places[src], places[dst]);
      }
    }
    for (const auto& [target, place] : arrivals) {
      if (src != target && graph.may_reach(src, target, ports)) {
        links.edges.emplace_back(places[src], place);
      }
    }
  }
  const std::vector<std::uint32_t> found = not_dominated(links, kRoot, kGate, targets);
  if (found.empty()) return std::nullopt;
  const auto at = std::ranges::find_if(
      arrivals, [&](const auto& arrival) { return arrival.second == found.front(); });
  return at->first;
}

RecheckResult disagreement(std::string words, std::vector<std::string> ends, std::uint64_t flows) {
  return {Recheck::Disagrees, std::move(words), flows, std::move(ends)};
}

RecheckResult recheck_hops(WayGraph& graph, const GroupResolver& groups, const Cluster& cluster,
                           const Assertion& assertion) {
  for (const Group& from : assertion.between) {
    for (const Group& to : assertion.between) {
      if (&from == &to) continue;
      const auto sources = ends_of(groups, from, Resolution::Side::Source, assertion.except_from);
      const auto targets = ends_of(groups, to, Resolution::Side::Destination, assertion.except_to);
      for (const Ways& ways : parts_of(sources, targets, assertion)) {
        const auto found = within_hops(graph, ways, assertion);
        if (!found) continue;
        const std::string src = to_string(found->first, cluster);
        const std::string dst = to_string(found->second, cluster);
        return disagreement(fmt::format("it should hold, and hops that evaluate() does not deny "
                                        "lead from {} to {}",
                                        src, dst),
                            {src, dst}, graph.flows());
      }
    }
  }
  return {Recheck::Confirmed, {}, graph.flows()};
}

RecheckResult recheck_gate(WayGraph& graph, const GroupResolver& groups, const Cluster& cluster,
                           const Assertion& assertion) {
  const GroupEnds from =
      ends_of(groups, assertion.from, Resolution::Side::Source, assertion.except_from);
  const GroupEnds to =
      ends_of(groups, assertion.to, Resolution::Side::Destination, assertion.except_to);
  const GroupEnds via = ends_of(groups, assertion.via, Resolution::Side::Destination, {});
  for (Ways& ways : parts_of(from, to, assertion)) {
    std::erase_if(ways.sources, [&](const FlowEnd& end) { return to.all.contains(end); });
    const std::optional<FlowEnd> found = past_gate(graph, ways, via.all, assertion.ports);
    if (!found) continue;
    const std::string dst = to_string(*found, cluster);
    return disagreement(
        fmt::format("it should hold, and {} does not dominate {} in the graph of what evaluate() "
                    "does not deny",
                    assertion.via.name, dst),
        {dst}, graph.flows());
  }
  return {Recheck::Confirmed, {}, graph.flows()};
}

}  // namespace

RecheckResult recheck_ways(const Snapshot& snapshot, const Assertion& assertion,
                           std::uint64_t limit) {
  const Cluster& cluster = snapshot.cluster;
  WayGraph graph(cluster);
  const std::uint64_t pods = graph.pods().size();
  if (pods * pods > limit) {
    return {Recheck::NotAsked, fmt::format("{} pods are too many for a graph of all pairs", pods),
            0};
  }
  const GroupResolver groups(cluster);
  RecheckResult result = assertion.kind == AssertionKind::OnlyVia
                             ? recheck_gate(graph, groups, cluster, assertion)
                             : recheck_hops(graph, groups, cluster, assertion);
  if (result.outcome == Recheck::Confirmed) {
    result.words = fmt::format("in the graph of {} pods, pair by pair", pods);
  }
  return result;
}

}  // namespace meshproof
