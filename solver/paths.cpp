#include "solver/paths.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "solver/checks/port_samples.h"
#include "solver/slice_ends.h"
#include "solver/way_layers.h"

namespace meshproof {
namespace {

/// What the ends on a way are. Pods of one workload may differ in whom they reach.
enum class Grain : std::uint8_t { Workload, Pod };

class PathFinder {
 public:
  PathFinder(const Cluster& cluster, const SliceSide& from, const SliceSide& to,
             const PathLimits& limits)
      : cluster_(cluster),
        from_(from),
        to_(to),
        limits_(limits),
        ends_(cluster, from, to),
        sources_(ends_.of(from, false, false)),
        targets_(ends_.of(to, true, false)),
        alike_sources_(alike(sources_)),
        alike_targets_(alike(targets_)) {}

  [[nodiscard]] AttackPaths find();

 private:
  struct Candidate {
    SliceMember member;
    std::size_t before = 0;  // in the candidates of the end before
  };

  [[nodiscard]] SliceSide stones(Grain grain) const;
  [[nodiscard]] std::vector<AlikeEnds> alike(const std::vector<SliceEnd>& ends);
  [[nodiscard]] bool is_avoided(PodId pod) const {
    return std::ranges::binary_search(limits_.avoided, pod);
  }
  [[nodiscard]] PairAnswer ask(const SliceMember& src, const SliceMember& dst, bool arrives);
  [[nodiscard]] std::size_t add_paths(const LayeredWays& ways, Hops hops,
                                      std::vector<AttackPath>& result);
  [[nodiscard]] std::optional<AttackPaths> find(Grain grain);
  [[nodiscard]] std::optional<AttackPath> trace(const Way& way, Hops hops);
  [[nodiscard]] std::optional<std::vector<SliceMember>> pods_along(const Way& way, Hops hops);
  [[nodiscard]] std::optional<std::size_t> find_before(const std::vector<Candidate>& candidates,
                                                       const SliceMember& dst, Hops hops,
                                                       bool arrives);
  [[nodiscard]] std::vector<SliceMember> members(const Way& way, std::size_t at) const;
  [[nodiscard]] PathHop hop(const SliceMember& from, const SliceMember& to, bool arrives);

  const Cluster& cluster_;
  const SliceSide& from_;
  const SliceSide& to_;
  const PathLimits& limits_;
  SliceEnds ends_;
  const std::vector<SliceEnd> sources_;
  const std::vector<SliceEnd> targets_;
  const std::vector<AlikeEnds> alike_sources_;
  const std::vector<AlikeEnds> alike_targets_;
};

bool is_same(const SliceMember& a, const SliceMember& b) {
  return std::holds_alternative<PodId>(a.asked.end) && a.asked.end == b.asked.end;
}

bool is_usable(const PairAnswer& answer, Hops hops) {
  return !answer.open.is_empty() || (hops == Hops::Possible && !answer.unknown.is_empty());
}

/// A single pod of a side may be a pod of a stone, too, and an endpoint is to its own Service not
/// what others are.
std::vector<AlikeEnds> PathFinder::alike(const std::vector<SliceEnd>& ends) {
  std::set<PodId> apart(from_.pods.begin(), from_.pods.end());
  apart.insert(to_.pods.begin(), to_.pods.end());
  for (const SliceEnd& target : targets_) {
    apart.insert(target.endpoints.begin(), target.endpoints.end());
  }
  return ends_.alike(ends, [&](const SliceEnd& end) {
    return std::ranges::any_of(end.pods, [&](PodId pod) { return apart.contains(pod); });
  });
}

/// Everything that can be taken over on the way but what is held or wanted. Of a workload some of
/// whose pods are avoided the others are ends of their own.
SliceSide PathFinder::stones(Grain grain) const {
  std::set<WorkloadId> ends(from_.workloads.begin(), from_.workloads.end());
  ends.insert(to_.workloads.begin(), to_.workloads.end());
  SliceSide result;
  for (std::uint32_t i = 0; i < cluster_.workloads.size(); ++i) {
    if (ends.contains({i})) continue;
    const std::vector<PodId>& pods = cluster_.workloads[i].pods;
    const bool is_whole = grain == Grain::Workload &&
                          std::ranges::none_of(pods, [&](PodId pod) { return is_avoided(pod); });
    if (is_whole) result.workloads.push_back({i});
    for (const PodId pod : pods) {
      const bool is_stone = !is_whole && !is_avoided(pod) && !cluster_.at(pod).is_completed();
      if (is_stone) result.pods.push_back(pod);
    }
  }
  return result;
}

/// To its own Service an endpoint is not what the others of its class are.
std::vector<SliceMember> PathFinder::members(const Way& way, std::size_t at) const {
  const bool is_last = at + 1 == way.size();
  return is_last ? way[at]->members : ends_.members_towards(*way[at], *way[at + 1]);
}

PairAnswer PathFinder::ask(const SliceMember& src, const SliceMember& dst, bool arrives) {
  PairAnswer answer = ends_.ask(src, dst);
  if (!arrives || limits_.arriving.is_all()) return answer;
  answer.open = answer.open.intersect(limits_.arriving);
  answer.unknown = answer.unknown.intersect(limits_.arriving);
  return answer;
}

/// A candidate that reaches the member, if there is one over an open port.
std::optional<std::size_t> PathFinder::find_before(const std::vector<Candidate>& candidates,
                                                   const SliceMember& dst, Hops hops,
                                                   bool arrives) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (is_same(candidates[i].member, dst)) continue;
    const PairAnswer answer = ask(candidates[i].member, dst, arrives);
    if (!answer.open.is_empty()) return i;
    if (!found && is_usable(answer, hops)) found = i;
  }
  return found;
}

/// One pod of each end of the way so that each reaches the next; empty if there are none.
std::optional<std::vector<SliceMember>> PathFinder::pods_along(const Way& way, Hops hops) {
  std::vector<std::vector<Candidate>> layers(way.size());
  for (const SliceMember& member : members(way, 0)) layers[0].push_back({member});
  for (std::size_t i = 1; i < way.size(); ++i) {
    for (const SliceMember& member : members(way, i)) {
      const auto before = find_before(layers[i - 1], member, hops, i + 1 == way.size());
      if (before) layers[i].push_back({member, *before});
    }
    if (layers[i].empty()) return std::nullopt;
  }
  std::vector<SliceMember> pods(way.size());
  std::size_t at = 0;
  for (std::size_t i = way.size(); i-- > 0;) {
    pods[i] = layers[i][at].member;
    at = layers[i][at].before;
  }
  return pods;
}

PathHop PathFinder::hop(const SliceMember& from, const SliceMember& to, bool arrives) {
  const PairAnswer answer = ask(from, to, arrives);
  PathHop result;
  if (!from.asked.node.is_valid()) result.from = from.asked.end;
  if (!to.asked.node.is_valid()) result.to = to.asked.end;
  result.certain = !answer.open.is_empty();
  result.ports = result.certain ? answer.open : answer.unknown;
  const PortSample shown = shown_port(cluster_, to.asked.end, result.ports);
  result.protocol = shown.protocol;
  result.port = shown.port;
  result.reasons = ends_.decide(from, to, result.protocol, result.port).reasons;
  return result;
}

/// Nothing where no pod of some workload takes part in both of its hops.
std::optional<AttackPath> PathFinder::trace(const Way& way, Hops hops) {
  const auto pods = pods_along(way, hops);
  if (!pods) return std::nullopt;
  AttackPath path;
  for (std::size_t i = 0; i + 1 < way.size(); ++i) {
    path.hops.push_back(hop((*pods)[i], (*pods)[i + 1], i + 2 == way.size()));
    path.hops.back().src = way[i]->name;
    path.hops.back().dst = way[i + 1]->name;
  }
  path.certain = std::ranges::all_of(path.hops, [](const PathHop& each) { return each.certain; });
  return path;
}

/// How many ways there are, without those that were found to be none.
std::size_t PathFinder::add_paths(const LayeredWays& ways, Hops hops,
                                  std::vector<AttackPath>& result) {
  std::size_t count = ways.count;
  for (const Way& way : ways.ways) {
    std::optional<AttackPath> path = trace(way, hops);
    if (path) {
      result.push_back(std::move(*path));
    } else {
      --count;
    }
  }
  return count;
}

/// Nothing where ways were found, but none of them can be gone pod by pod.
std::optional<AttackPaths> PathFinder::find(Grain grain) {
  AttackPaths result;
  result.workloads = cluster_.workloads.size();
  const std::vector<SliceEnd> stones_between = ends_.of(stones(grain), false, false);
  const std::vector<AlikeEnds> alike_stones = alike(stones_between);
  WayLayers search(ends_, alike_sources_, alike_targets_, alike_stones, limits_);
  const Layers possible = search.search(Hops::Possible);
  const Layers certain = possible.met_unknown ? search.search(Hops::Certain) : possible;
  result.reached = possible.reached;
  result.is_exhausted = possible.is_exhausted;
  if (certain.length) {
    result.certain_count =
        add_paths(search.ways(certain, Hops::Certain), Hops::Certain, result.paths);
    if (result.paths.empty()) return std::nullopt;
  }
  if (!possible.length || possible.length == certain.length) return result;
  const std::size_t before = result.paths.size();
  result.possible_count =
      add_paths(search.ways(possible, Hops::Possible), Hops::Possible, result.paths);
  if (result.paths.size() == before) return std::nullopt;
  return result;
}

AttackPaths PathFinder::find() {
  if (auto found = find(Grain::Workload)) return std::move(*found);
  if (auto found = find(Grain::Pod)) return std::move(*found);
  // Never taken for "no path".
  AttackPaths undecided;
  undecided.possible_count = 1;
  return undecided;
}

}  // namespace

AttackPaths find_paths(const Cluster& cluster, const SliceSide& from, const SliceSide& to,
                       const PathLimits& limits) {
  return PathFinder(cluster, from, to, limits).find();
}

}  // namespace meshproof
