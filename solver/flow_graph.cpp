#include "solver/flow_graph.h"

#include <algorithm>
#include <map>
#include <set>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/connected_components.hpp>

#include "solver/checks/mesh_members.h"

namespace meshproof {

namespace {

using Undirected = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;

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

}  // namespace meshproof
