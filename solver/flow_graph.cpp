#include "solver/flow_graph.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <set>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/connected_components.hpp>

#include "solver/checks/mesh_members.h"

namespace meshproof {

namespace {

using Undirected = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;
using Directed = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;

constexpr std::size_t kFar = std::numeric_limits<std::size_t>::max();

/// Edges between named vertices; numbers come last, when all names are known and sorted.
class Draft {
 public:
  void add(Vertex vertex) { vertices_.insert(std::move(vertex)); }
  void add(EdgeKind kind, Vertex from, Vertex to, const PortSet& ports = PortSet::none()) {
    add(from);
    add(to);
    PortSet& all = edges_[{kind, std::move(from), std::move(to)}];
    all = all.unite(ports);
  }

  void add_projects(const Snapshot& snapshot);
  void add_connections(const Reachability& reachability);
  void finish(std::vector<Vertex>& vertices, std::vector<Edge>& edges) const;

 private:
  struct Join {
    EdgeKind kind;
    Vertex from;
    Vertex to;
    auto operator<=>(const Join&) const = default;
  };
  Vertex end(const EndpointName& name);

  std::set<Vertex> vertices_;
  std::map<Join, PortSet> edges_;
};

void Draft::add_projects(const Snapshot& snapshot) {
  const Cluster& cluster = snapshot.cluster;
  for (const Namespace& ns : cluster.namespaces) {
    const Vertex project{VertexKind::Project, ns.name};
    add(project);
    if (!ns.net_namespace.is_valid()) continue;
    const std::uint32_t netid = cluster.at(ns.net_namespace).netid;
    add(EdgeKind::NetworkJoin, project, {VertexKind::Network, std::to_string(netid)});
  }
  for (const MeshMembers& mesh : mesh_members(snapshot)) {
    const Vertex plane{VertexKind::ControlPlane, mesh.mesh};
    add(plane);
    if (cluster.find_namespace(mesh.mesh).is_valid()) {
      add(EdgeKind::Membership, plane, {VertexKind::Project, mesh.mesh});
    }
    for (const NamespaceId member : mesh.members) {
      add(EdgeKind::Membership, plane, {VertexKind::Project, cluster.at(member).name});
    }
  }
}

Vertex Draft::end(const EndpointName& name) {
  if (!name.cidr.empty()) return {VertexKind::Outside, name.cidr};
  Vertex workload{VertexKind::Workload, to_string(name)};
  if (!name.ns.empty()) {
    add(EdgeKind::Ownership, {VertexKind::Project, name.ns}, workload);
  }
  return workload;
}

void Draft::add_connections(const Reachability& reachability) {
  for (const Connection& connection : reachability.connections) {
    add(EdgeKind::Reachability, end(connection.src), end(connection.dst), connection.ports);
  }
}

void Draft::finish(std::vector<Vertex>& vertices, std::vector<Edge>& edges) const {
  vertices.assign(vertices_.begin(), vertices_.end());
  const auto number = [&](const Vertex& vertex) {
    const auto found = std::lower_bound(vertices.begin(), vertices.end(), vertex);
    return VertexId{static_cast<std::uint32_t>(found - vertices.begin())};
  };
  for (const auto& [join, ports] : edges_) {
    edges.push_back({join.kind, number(join.from), number(join.to), ports});
  }
}

bool holds(const std::vector<VertexId>& ids, VertexId id) {
  return std::ranges::find(ids, id) != ids.end();
}

/// Hops from each vertex to the nearest target, over ways that do not lead through the outside.
std::vector<std::size_t> distances_to(const std::vector<VertexId>& targets, const FlowGraph& graph,
                                      const std::vector<VertexId>& sources) {
  // One vertex more, one hop beyond every target.
  const std::size_t beyond = graph.vertices().size();
  Directed reversed(beyond + 1);
  for (const VertexId target : targets) boost::add_edge(beyond, target.value, reversed);
  for (const Edge& edge : graph.edges()) {
    if (edge.kind != EdgeKind::Reachability) continue;
    const bool passes_outside =
        graph.at(edge.to).kind == VertexKind::Outside && !holds(targets, edge.to);
    const bool starts_outside =
        graph.at(edge.from).kind == VertexKind::Outside && !holds(sources, edge.from);
    if (!passes_outside && !starts_outside) {
      boost::add_edge(edge.to.value, edge.from.value, reversed);
    }
  }
  std::vector<std::size_t> distances(beyond + 1, kFar);
  distances[beyond] = 0;
  boost::breadth_first_search(reversed, boost::vertex(beyond, reversed),
                              boost::visitor(boost::make_bfs_visitor(boost::record_distances(
                                  distances.data(), boost::on_tree_edge()))));
  distances.pop_back();
  for (std::size_t& distance : distances) {
    if (distance != kFar) --distance;
  }
  return distances;
}

/// How many ways lead from the vertex to a target, each step one hop nearer.
std::size_t count_ways(VertexId vertex, const std::map<VertexId, std::vector<VertexId>>& next,
                       std::map<VertexId, std::size_t>& known) {
  const auto [at, is_new] = known.try_emplace(vertex, 0);
  if (!is_new) return at->second;
  const auto steps = next.find(vertex);
  std::size_t count = steps == next.end() ? 1 : 0;
  if (steps != next.end()) {
    for (const VertexId step : steps->second) {
      count = std::min(count + count_ways(step, next, known), ShortestWays::kMany);
    }
  }
  known[vertex] = count;
  return count;
}

}  // namespace

std::string_view to_string(VertexKind kind) {
  switch (kind) {
    case VertexKind::ControlPlane:
      return "control plane";
    case VertexKind::Project:
      return "project";
    case VertexKind::Workload:
      return "workload";
    case VertexKind::Network:
      return "network";
    case VertexKind::Outside:
      return "outside";
  }
  return "";
}

std::string_view to_string(EdgeKind kind) {
  switch (kind) {
    case EdgeKind::Membership:
      return "membership";
    case EdgeKind::NetworkJoin:
      return "network join";
    case EdgeKind::Ownership:
      return "ownership";
    case EdgeKind::Reachability:
      return "reachability";
  }
  return "";
}

FlowGraph FlowGraph::of(const Reachability& reachability) {
  Draft draft;
  draft.add_connections(reachability);
  FlowGraph graph;
  draft.finish(graph.vertices_, graph.edges_);
  return graph;
}

FlowGraph FlowGraph::of(const Snapshot& snapshot, const Reachability& reachability) {
  Draft draft;
  draft.add_projects(snapshot);
  draft.add_connections(reachability);
  FlowGraph graph;
  draft.finish(graph.vertices_, graph.edges_);
  return graph;
}

VertexId FlowGraph::find(VertexKind kind, std::string_view name) const {
  const Vertex wanted{kind, std::string(name)};
  const auto found = std::ranges::lower_bound(vertices_, wanted);
  if (found == vertices_.end() || *found != wanted) return {};
  return {static_cast<std::uint32_t>(found - vertices_.begin())};
}

std::vector<std::vector<VertexId>> FlowGraph::components(const std::vector<EdgeKind>& kinds) const {
  Undirected graph(vertices_.size());
  std::vector<bool> is_touched(vertices_.size(), false);
  for (const Edge& edge : edges_) {
    if (std::ranges::find(kinds, edge.kind) == kinds.end()) continue;
    boost::add_edge(edge.from.value, edge.to.value, graph);
    is_touched[edge.from.value] = true;
    is_touched[edge.to.value] = true;
  }
  std::vector<std::size_t> component(vertices_.size());
  boost::connected_components(graph, component.data());
  std::map<std::size_t, std::size_t> position;
  std::vector<std::vector<VertexId>> result;
  for (std::uint32_t i = 0; i < vertices_.size(); ++i) {
    if (!is_touched[i]) continue;
    const auto [entry, is_new] = position.try_emplace(component[i], result.size());
    if (is_new) result.emplace_back();
    result[entry->second].push_back({i});
  }
  return result;
}

std::vector<std::vector<VertexId>> FlowGraph::shortest_paths(VertexId from, VertexId to,
                                                             std::size_t max_hops,
                                                             std::size_t max_paths) const {
  if (!from.is_valid() || !to.is_valid()) return {};
  return shortest_ways({from}, {to}, max_hops, max_paths).ways;
}

ShortestWays FlowGraph::shortest_ways(const std::vector<VertexId>& from,
                                      const std::vector<VertexId>& to, std::size_t max_hops,
                                      std::size_t max_ways) const {
  const std::vector<std::size_t> distances = distances_to(to, *this, from);
  std::size_t length = kFar;
  for (const VertexId start : from) length = std::min(length, distances.at(start.value));
  ShortestWays result;
  if (length == kFar || length > max_hops) return result;
  std::map<VertexId, std::vector<VertexId>> next;
  for (const Edge& edge : edges_) {
    if (edge.kind != EdgeKind::Reachability || distances[edge.to.value] == kFar) continue;
    if (distances[edge.from.value] == distances[edge.to.value] + 1) {
      next[edge.from].push_back(edge.to);
    }
  }
  std::vector<std::vector<VertexId>> open;
  std::map<VertexId, std::size_t> known;
  for (const VertexId start : from) {
    if (distances[start.value] != length) continue;
    open.push_back({start});
    result.count = std::min(result.count + count_ways(start, next, known), ShortestWays::kMany);
  }
  std::ranges::sort(open, std::greater<>());
  while (!open.empty() && result.ways.size() < max_ways) {
    std::vector<VertexId> way = std::move(open.back());
    open.pop_back();
    if (way.size() == length + 1) {
      result.ways.push_back(std::move(way));
      continue;
    }
    const std::vector<VertexId>& steps = next[way.back()];
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
      open.push_back(way);
      open.back().push_back(*step);
    }
  }
  return result;
}

}  // namespace meshproof
