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
  }

  [[nodiscard]] AttackPaths find();

 private:
  using Way = std::vector<const SliceEnd*>;
  struct Candidate {
    SliceMember member;
    std::size_t before = 0;  // in the candidates of the end before
  };

  [[nodiscard]] Layers search(Hops hops) const;
  [[nodiscard]] std::vector<Connection> hops_to(const SliceSide& from, const SliceSide& to,
                                                Hops hops, bool& met_unknown) const;
  [[nodiscard]] std::size_t add_paths(const Layers& layers, Hops hops, AttackPaths& result);
  [[nodiscard]] const SliceEnd& end_named(const EndpointName& name);
  [[nodiscard]] AttackPath trace(const Way& way, Hops hops);
  [[nodiscard]] std::optional<std::vector<SliceMember>> pods_along(const Way& way, Hops hops);
  [[nodiscard]] std::optional<std::size_t> find_before(const std::vector<Candidate>& candidates,
                                                       const SliceMember& dst, Hops hops);
  [[nodiscard]] std::vector<SliceMember> members(const Way& way, std::size_t at) const;
  [[nodiscard]] PathHop hop(const SliceEnd& src, const SliceEnd& dst, const SliceMember& from,
                            const SliceMember& to);
  [[nodiscard]] PathHop some_hop(const Way& way, std::size_t at);
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

std::vector<Connection> PathFinder::hops_to(const SliceSide& from, const SliceSide& to, Hops hops,
                                            bool& met_unknown) const {
  Slice slice;
  slice.from = from;
  slice.to = to;
  Reachability found = reach(cluster_, slice);
  met_unknown = met_unknown || !found.undecided.empty();
  if (hops == Hops::Certain) return std::move(found.connections);
  for (const Reachability::Undecided& each : found.undecided) {
    found.connections.push_back({each.src, each.dst, each.ports});
  }
  return std::move(found.connections);
}

Layers PathFinder::search(Hops hops) const {
  Layers layers;
  std::set<WorkloadId> visited(from_.workloads.begin(), from_.workloads.end());
  visited.insert(to_.workloads.begin(), to_.workloads.end());
  SliceSide frontier = from_;
  std::vector<Connection>& all = layers.hops.connections;
  for (std::size_t length = 1; length <= limits_.max_hops; ++length) {
    std::vector<Connection> last = hops_to(frontier, to_, hops, layers.met_unknown);
    if (!last.empty()) {
      all.insert(all.end(), last.begin(), last.end());
      layers.length = length;
      return layers;
    }
    SliceSide rest;
    for (std::uint32_t i = 0; i < cluster_.workloads.size(); ++i) {
      if (!visited.contains({i})) rest.workloads.push_back({i});
    }
    const std::vector<Connection> next = hops_to(frontier, rest, hops, layers.met_unknown);
    std::set<WorkloadId> found;
    for (const Connection& each : next) found.insert(workloads_.at(each.dst));
    if (found.empty()) {
      layers.is_exhausted = true;
      return layers;
    }
    all.insert(all.end(), next.begin(), next.end());
    visited.insert(found.begin(), found.end());
    layers.reached += found.size();
    frontier = {};
    frontier.workloads.assign(found.begin(), found.end());
  }
  return layers;
}

const SliceEnd& PathFinder::end_named(const EndpointName& name) {
  for (const std::vector<SliceEnd>* ends : {&sources_, &targets_}) {
    const auto found =
        std::ranges::find_if(*ends, [&](const SliceEnd& end) { return end.name == name; });
    if (found != ends->end()) return *found;
  }
  const auto known = between_.find(name);
  if (known != between_.end()) return known->second;
  SliceSide side;
  side.workloads = {workloads_.at(name)};
  return between_.emplace(name, ends_.of(side, false, false).front()).first->second;
}

/// To its own Service an endpoint is not what the others of its class are.
std::vector<SliceMember> PathFinder::members(const Way& way, std::size_t at) const {
  const bool is_last = at + 1 == way.size();
  return is_last ? way[at]->members : ends_.members_towards(*way[at], *way[at + 1]);
}

/// A candidate that reaches the member, if there is one over an open port.
std::optional<std::size_t> PathFinder::find_before(const std::vector<Candidate>& candidates,
                                                   const SliceMember& dst, Hops hops) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (is_same(candidates[i].member, dst)) continue;
    const PairAnswer answer = ends_.ask(candidates[i].member, dst);
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
      const auto before = find_before(layers[i - 1], member, hops);
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

PathHop PathFinder::hop(const SliceEnd& src, const SliceEnd& dst, const SliceMember& from,
                        const SliceMember& to) {
  const PairAnswer answer = ends_.ask(from, to);
  PathHop result;
  result.src = src.name;
  result.dst = dst.name;
  result.certain = !answer.open.is_empty();
  result.ports = result.certain ? answer.open : answer.unknown;
  std::tie(result.protocol, result.port) = port_of(to, result.ports);
  result.reasons = ends_.decide(from, to, result.protocol, result.port).reasons;
  return result;
}

/// Between any two pods, whatever the other hops need.
PathHop PathFinder::some_hop(const Way& way, std::size_t at) {
  for (const Hops hops : {Hops::Certain, Hops::Possible}) {
    for (const SliceMember& from : members(way, at)) {
      for (const SliceMember& to : way[at + 1]->members) {
        if (is_same(from, to) || !is_usable(ends_.ask(from, to), hops)) continue;
        return hop(*way[at], *way[at + 1], from, to);
      }
    }
  }
  return {};
}

AttackPath PathFinder::trace(const Way& way, Hops hops) {
  AttackPath path;
  const auto pods = pods_along(way, hops);
  for (std::size_t i = 0; i + 1 < way.size(); ++i) {
    path.hops.push_back(pods ? hop(*way[i], *way[i + 1], (*pods)[i], (*pods)[i + 1])
                             : some_hop(way, i));
  }
  const bool all_open =
      std::ranges::all_of(path.hops, [](const PathHop& each) { return each.certain; });
  path.certain = pods && all_open;
  if (!pods) {
    path.doubt = "no pod of some workload on the way takes part in both of its hops";
  } else if (!all_open) {
    path.doubt = "a hop could not be decided";
  }
  return path;
}

/// How many ways there are.
std::size_t PathFinder::add_paths(const Layers& layers, Hops hops, AttackPaths& result) {
  const FlowGraph graph = FlowGraph::of(layers.hops);
  std::map<VertexId, EndpointName> names;
  for (const Connection& each : layers.hops.connections) {
    for (const EndpointName& name : {each.src, each.dst}) names[vertex_of(graph, name)] = name;
  }
  const ShortestWays ways =
      graph.shortest_ways(vertices_of(graph, sources_), vertices_of(graph, targets_),
                          limits_.max_hops, limits_.max_paths);
  for (const std::vector<VertexId>& ids : ways.ways) {
    Way way;
    for (const VertexId id : ids) way.push_back(&end_named(names.at(id)));
    result.paths.push_back(trace(way, hops));
  }
  return ways.count;
}

AttackPaths PathFinder::find() {
  AttackPaths result;
  result.workloads = cluster_.workloads.size();
  const Layers possible = search(Hops::Possible);
  const Layers certain = possible.met_unknown ? search(Hops::Certain) : possible;
  result.reached = possible.reached;
  result.is_exhausted = possible.is_exhausted;
  if (certain.length) result.certain_count = add_paths(certain, Hops::Certain, result);
  const auto is_doubtful = [](const AttackPath& path) { return !path.certain; };
  const auto doubtful = static_cast<std::size_t>(std::ranges::count_if(result.paths, is_doubtful));
  result.certain_count -= doubtful;
  result.possible_count = doubtful;
  if (possible.length && (!certain.length || *possible.length < *certain.length)) {
    result.possible_count += add_paths(possible, Hops::Possible, result);
  }
  std::ranges::stable_partition(result.paths, [](const AttackPath& path) { return path.certain; });
  return result;
}

}  // namespace

AttackPaths find_paths(const Cluster& cluster, const SliceSide& from, const SliceSide& to,
                       const PathLimits& limits) {
  return PathFinder(cluster, from, to, limits).find();
}

}  // namespace meshproof
