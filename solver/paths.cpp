#include "solver/paths.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "solver/flow_graph.h"
#include "solver/slice_ends.h"

namespace meshproof {
namespace {

/// What hops count: those that are open, or those too that may be.
enum class Hops : std::uint8_t { Certain, Possible };

/// What the ends on a way are. Pods of one workload may differ in whom they reach.
enum class Grain : std::uint8_t { Workload, Pod };

/// Hops from each layer of ends to the next, as far as the layer that reaches the target.
struct Layers {
  Reachability hops;
  std::optional<std::size_t> length;
  std::size_t reached = 0;
  bool is_exhausted = false;
  bool met_unknown = false;
};

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
        targets_(ends_.of(to, true, false)) {
    for (std::uint32_t i = 0; i < cluster.workloads.size(); ++i) {
      const Workload& workload = cluster.workloads[i];
      workloads_[{cluster.at(workload.ns).name, workload.kind, workload.name, {}}] = {i};
    }
    for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
      const Pod& pod = cluster.pods[i];
      if (!pod.is_completed()) pods_[{cluster.at(pod.ns).name, "Pod", pod.name, {}}] = {i};
    }
  }

  [[nodiscard]] AttackPaths find();

 private:
  using Way = std::vector<const SliceEnd*>;
  struct Candidate {
    SliceMember member;
    std::size_t before = 0;  // in the candidates of the end before
  };

  [[nodiscard]] SliceSide stones(Grain grain) const;
  [[nodiscard]] SliceSide side_named(const EndpointName& name, Grain grain) const;
  [[nodiscard]] Layers search(Hops hops, Grain grain) const;
  [[nodiscard]] bool is_avoided(PodId pod) const {
    return std::ranges::binary_search(limits_.avoided, pod);
  }
  [[nodiscard]] std::vector<Connection> hops_to(const SliceSide& from, const SliceSide& to,
                                                const PortSet& ports, Hops hops,
                                                bool& met_unknown) const;
  [[nodiscard]] PairAnswer ask(const SliceMember& src, const SliceMember& dst, bool arrives);
  [[nodiscard]] std::size_t add_paths(const Layers& layers, Hops hops, Grain grain,
                                      std::vector<AttackPath>& result);
  [[nodiscard]] std::optional<AttackPaths> find(Grain grain);
  [[nodiscard]] const SliceEnd& end_named(const EndpointName& name, Grain grain);
  [[nodiscard]] std::optional<AttackPath> trace(const Way& way, Hops hops);
  [[nodiscard]] std::optional<std::vector<SliceMember>> pods_along(const Way& way, Hops hops);
  [[nodiscard]] std::optional<std::size_t> find_before(const std::vector<Candidate>& candidates,
                                                       const SliceMember& dst, Hops hops,
                                                       bool arrives);
  [[nodiscard]] std::vector<SliceMember> members(const Way& way, std::size_t at) const;
  [[nodiscard]] PathHop hop(const SliceMember& from, const SliceMember& to, bool arrives);
  [[nodiscard]] std::pair<Protocol, std::uint16_t> port_of(const SliceMember& dst,
                                                           const PortSet& ports) const;

  const Cluster& cluster_;
  const SliceSide& from_;
  const SliceSide& to_;
  const PathLimits& limits_;
  SliceEnds ends_;
  std::vector<SliceEnd> sources_;
  std::vector<SliceEnd> targets_;
  std::map<EndpointName, WorkloadId> workloads_;
  std::map<EndpointName, PodId> pods_;
  std::map<EndpointName, SliceEnd> between_;
};

bool is_same(const SliceMember& a, const SliceMember& b) {
  return std::holds_alternative<PodId>(a.asked.end) && a.asked.end == b.asked.end;
}

bool is_usable(const PairAnswer& answer, Hops hops) {
  return !answer.open.is_empty() || (hops == Hops::Possible && !answer.unknown.is_empty());
}

VertexId vertex_of(const FlowGraph& graph, const EndpointName& name) {
  return name.cidr.empty() ? graph.find(VertexKind::Workload, to_string(name))
                           : graph.find(VertexKind::Outside, name.cidr);
}

std::vector<VertexId> vertices_of(const FlowGraph& graph, const std::vector<SliceEnd>& ends) {
  std::vector<VertexId> result;
  for (const SliceEnd& end : ends) {
    const VertexId vertex = vertex_of(graph, end.name);
    if (vertex.is_valid()) result.push_back(vertex);
  }
  return result;
}

std::vector<Connection> PathFinder::hops_to(const SliceSide& from, const SliceSide& to,
                                            const PortSet& ports, Hops hops,
                                            bool& met_unknown) const {
  Slice slice;
  slice.from = from;
  slice.to = to;
  slice.ports = ports;
  Reachability found = reach(cluster_, slice);
  met_unknown = met_unknown || !found.undecided.empty();
  if (hops == Hops::Certain) return std::move(found.connections);
  for (const Reachability::Undecided& each : found.undecided) {
    found.connections.push_back({each.src, each.dst, each.ports});
  }
  return std::move(found.connections);
}

/// Everything that can be taken over on the way but what is held or wanted.
SliceSide PathFinder::stones(Grain grain) const {
  const auto is_end = [&](WorkloadId id) {
    return std::ranges::find(from_.workloads, id) != from_.workloads.end() ||
           std::ranges::find(to_.workloads, id) != to_.workloads.end();
  };
  SliceSide result;
  for (std::uint32_t i = 0; i < cluster_.workloads.size(); ++i) {
    if (is_end({i})) continue;
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

/// A template's pod has the name of its workload. Of a workload some of whose pods are avoided the
/// others are ends of their own.
SliceSide PathFinder::side_named(const EndpointName& name, Grain grain) const {
  SliceSide side;
  const auto pod = pods_.find(name);
  const auto workload = workloads_.find(name);
  if (grain == Grain::Workload && workload != workloads_.end()) {
    side.workloads = {workload->second};
  } else if (pod != pods_.end()) {
    side.pods = {pod->second};
  } else {
    side.pods = {cluster_.at(workloads_.at(name)).pods.front()};
  }
  return side;
}

Layers PathFinder::search(Hops hops, Grain grain) const {
  Layers layers;
  SliceSide rest = stones(grain);
  SliceSide frontier = from_;
  std::vector<Connection>& all = layers.hops.connections;
  for (std::size_t length = 1; length <= limits_.max_hops; ++length) {
    std::vector<Connection> last =
        hops_to(frontier, to_, limits_.arriving, hops, layers.met_unknown);
    if (!last.empty()) {
      all.insert(all.end(), last.begin(), last.end());
      layers.length = length;
      return layers;
    }
    const std::vector<Connection> next =
        hops_to(frontier, rest, PortSet::all(), hops, layers.met_unknown);
    SliceSide found;
    std::set<EndpointName> names;
    for (const Connection& each : next) names.insert(each.dst);
    for (const EndpointName& name : names) {
      const SliceSide side = side_named(name, grain);
      found.workloads.insert(found.workloads.end(), side.workloads.begin(), side.workloads.end());
      found.pods.insert(found.pods.end(), side.pods.begin(), side.pods.end());
    }
    if (found.is_empty()) {
      layers.is_exhausted = true;
      return layers;
    }
    all.insert(all.end(), next.begin(), next.end());
    const std::set<WorkloadId> workloads(found.workloads.begin(), found.workloads.end());
    const std::set<PodId> pods(found.pods.begin(), found.pods.end());
    std::erase_if(rest.workloads, [&](WorkloadId id) { return workloads.contains(id); });
    std::erase_if(rest.pods, [&](PodId id) { return pods.contains(id); });
    layers.reached += names.size();
    frontier = std::move(found);
  }
  return layers;
}

const SliceEnd& PathFinder::end_named(const EndpointName& name, Grain grain) {
  for (const std::vector<SliceEnd>* ends : {&sources_, &targets_}) {
    const auto found =
        std::ranges::find_if(*ends, [&](const SliceEnd& end) { return end.name == name; });
    if (found != ends->end()) return *found;
  }
  const auto known = between_.find(name);
  if (known != between_.end()) return known->second;
  return between_.emplace(name, ends_.of(side_named(name, grain), false, false).front())
      .first->second;
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

/// A port that the pod declares is what a reader wants to see explained.
std::pair<Protocol, std::uint16_t> PathFinder::port_of(const SliceMember& dst,
                                                       const PortSet& ports) const {
  if (const auto* pod = std::get_if<PodId>(&dst.asked.end)) {
    for (const ContainerPort& port : cluster_.at(*pod).ports) {
      if (ports.contains(port.protocol, port.port)) return {port.protocol, port.port};
    }
  }
  for (const Protocol protocol : kProtocols) {
    if (!ports.ranges(protocol).empty()) return {protocol, ports.ranges(protocol).front().from};
  }
  return {};
}

PathHop PathFinder::hop(const SliceMember& from, const SliceMember& to, bool arrives) {
  const PairAnswer answer = ask(from, to, arrives);
  PathHop result;
  if (!from.asked.node.is_valid()) result.from = from.asked.end;
  if (!to.asked.node.is_valid()) result.to = to.asked.end;
  result.certain = !answer.open.is_empty();
  result.ports = result.certain ? answer.open : answer.unknown;
  std::tie(result.protocol, result.port) = port_of(to, result.ports);
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
std::size_t PathFinder::add_paths(const Layers& layers, Hops hops, Grain grain,
                                  std::vector<AttackPath>& result) {
  const FlowGraph graph = FlowGraph::of(layers.hops);
  std::map<VertexId, EndpointName> names;
  for (const Connection& each : layers.hops.connections) {
    for (const EndpointName& name : {each.src, each.dst}) names[vertex_of(graph, name)] = name;
  }
  const ShortestWays ways =
      graph.shortest_ways(vertices_of(graph, sources_), vertices_of(graph, targets_),
                          limits_.max_hops, limits_.max_paths);
  std::size_t count = ways.count;
  for (const std::vector<VertexId>& ids : ways.ways) {
    Way way;
    for (const VertexId id : ids) way.push_back(&end_named(names.at(id), grain));
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
  const Layers possible = search(Hops::Possible, grain);
  const Layers certain = possible.met_unknown ? search(Hops::Certain, grain) : possible;
  result.reached = possible.reached;
  result.is_exhausted = possible.is_exhausted;
  if (certain.length) {
    result.certain_count = add_paths(certain, Hops::Certain, grain, result.paths);
    if (result.paths.empty()) return std::nullopt;
  }
  if (!possible.length || possible.length == certain.length) return result;
  const std::size_t before = result.paths.size();
  result.possible_count = add_paths(possible, Hops::Possible, grain, result.paths);
  if (result.paths.size() == before) return std::nullopt;
  return result;
}

AttackPaths PathFinder::find() {
  if (auto found = find(Grain::Workload)) return std::move(*found);
  between_.clear();
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
