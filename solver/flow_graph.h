#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/id.h"
#include "model/reachability.h"
#include "model/snapshot.h"

namespace meshproof {

enum class VertexKind : std::uint8_t { ControlPlane, Project, Workload, Network, Outside };
[[nodiscard]] std::string_view to_string(VertexKind kind);

/// What joins two vertices. Membership: a control plane and a project of its mesh. NetworkJoin: a
/// project and its NetID. Ownership: a project and its workload. Reachability: the first reaches
/// the second, on `ports`; the only kind with a direction.
enum class EdgeKind : std::uint8_t { Membership, NetworkJoin, Ownership, Reachability };
[[nodiscard]] std::string_view to_string(EdgeKind kind);

/// A control plane or project by its namespace, a network by its NetID in decimal, a workload as
/// `shop/Deployment/web` (a node as `Node/node-a`), outside as its block of addresses.
struct Vertex {
  VertexKind kind = VertexKind::Project;
  std::string name;

  auto operator<=>(const Vertex&) const = default;
};
using VertexId = Id<Vertex>;

struct Edge {
  EdgeKind kind = EdgeKind::Membership;
  VertexId from;
  VertexId to;
  PortSet ports = PortSet::none();  ///< of Reachability

  auto operator<=>(const Edge&) const = default;
};

/// Who belongs to whom, who shares a network with whom and who reaches whom, in one graph.
/// Everything that it answers is in vertex order, so output is deterministic.
class FlowGraph {
 public:
  /// Projects and control planes of the snapshot, NetIDs where the dialect has them, and the ends
  /// of the reachability's connections. O((objects + connections) log).
  [[nodiscard]] static FlowGraph of(const Snapshot& snapshot, const Reachability& reachability);

  [[nodiscard]] const std::vector<Vertex>& vertices() const { return vertices_; }
  [[nodiscard]] const std::vector<Edge>& edges() const { return edges_; }
  [[nodiscard]] const Vertex& at(VertexId id) const { return vertices_.at(id.value); }
  /// An invalid id if there is no such vertex. O(log vertices).
  [[nodiscard]] VertexId find(VertexKind kind, std::string_view name) const;

  /// The groups of vertices that edges of these kinds connect, whatever their direction: projects
  /// that share a NetID, that belong to one mesh. Vertices that no such edge touches are left out.
  /// O(vertices + edges).
  [[nodiscard]] std::vector<std::vector<VertexId>> components(
      const std::vector<EdgeKind>& kinds) const;

 private:
  std::vector<Vertex> vertices_;  // sorted
  std::vector<Edge> edges_;       // sorted
};

}  // namespace meshproof
