#include "solver/flow_graph.h"

#include <catch2/catch.hpp>

#include "tests/support/yaml.h"

namespace meshproof {

namespace {

constexpr std::string_view kCluster = R"(
apiVersion: v1
kind: Namespace
metadata: {name: mesh-a, labels: {maistra.io/member-of: mesh-a}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {maistra.io/member-of: mesh-a}}
---
apiVersion: v1
kind: Namespace
metadata: {name: pay, labels: {maistra.io/member-of: mesh-b}}
---
apiVersion: v1
kind: Namespace
metadata: {name: tools}
---
apiVersion: network.openshift.io/v1
kind: NetNamespace
metadata: {name: mesh-a}
netname: mesh-a
netid: 11
---
apiVersion: network.openshift.io/v1
kind: NetNamespace
metadata: {name: shop}
netname: shop
netid: 11
---
apiVersion: network.openshift.io/v1
kind: NetNamespace
metadata: {name: tools}
netname: tools
netid: 12
)";

EndpointName workload(const std::string& name) { return {"shop", "Deployment", name, ""}; }

Connection connection(EndpointName src, EndpointName dst) {
  return {std::move(src), std::move(dst), PortSet::all(), {}};
}

/// a reaches d over b and over c; e is reached from outside only; outside reaches a.
Reachability ways() {
  const EndpointName outside{"", "", "", "203.0.113.0/24"};
  Reachability reachability;
  reachability.connections = {
      connection(workload("a"), workload("b")), connection(workload("a"), workload("c")),
      connection(workload("b"), workload("d")), connection(workload("c"), workload("d")),
      connection(workload("d"), outside),       connection(outside, workload("e")),
      connection(outside, workload("a")),
  };
  return reachability;
}

std::vector<std::string> names(const FlowGraph& graph, const std::vector<VertexId>& ids) {
  std::vector<std::string> result;
  for (const VertexId id : ids) result.push_back(graph.at(id).name);
  return result;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("projects that share a NetID are one component of network joins") {
  const FlowGraph graph = FlowGraph::of(snapshot_from(kCluster), {});
  const auto components = graph.components({EdgeKind::NetworkJoin});
  REQUIRE(components.size() == 2);
  CHECK(names(graph, components[0]) == Names{"mesh-a", "shop", "11"});
  CHECK(names(graph, components[1]) == Names{"tools", "12"});
}

TEST_CASE("a mesh is a component of memberships, also without a control plane in the input") {
  const FlowGraph graph = FlowGraph::of(snapshot_from(kCluster), {});
  const auto components = graph.components({EdgeKind::Membership});
  REQUIRE(components.size() == 2);
  CHECK(names(graph, components[0]) == Names{"mesh-a", "mesh-a", "shop"});
  CHECK(names(graph, components[1]) == Names{"mesh-b", "pay"});
}

TEST_CASE("components of several kinds of edges run together") {
  const FlowGraph graph = FlowGraph::of(snapshot_from(kCluster), ways());
  const auto components =
      graph.components({EdgeKind::Membership, EdgeKind::NetworkJoin, EdgeKind::Ownership});
  REQUIRE(components.size() == 3);
  CHECK(names(graph, components[0]) == Names{"mesh-a", "mesh-a", "shop", "shop/Deployment/a",
                                             "shop/Deployment/b", "shop/Deployment/c",
                                             "shop/Deployment/d", "shop/Deployment/e", "11"});
}

TEST_CASE("connections of the same two ends become one edge with all ports") {
  Reachability reachability;
  for (const std::uint16_t port : {std::uint16_t{80}, std::uint16_t{443}}) {
    Connection one = connection(workload("a"), workload("b"));
    one.ports = PortSet::of(Protocol::Tcp, {port, port});
    reachability.connections.push_back(std::move(one));
  }
  const FlowGraph graph = FlowGraph::of(snapshot_from(kCluster), reachability);
  std::vector<Edge> edges;
  for (const Edge& edge : graph.edges()) {
    if (edge.kind == EdgeKind::Reachability) edges.push_back(edge);
  }
  REQUIRE(edges.size() == 1);
  CHECK(to_string(edges[0].ports) == "TCP 80,443");
}

TEST_CASE("a vertex that is not there has no id") {
  const FlowGraph graph = FlowGraph::of(snapshot_from(kCluster), ways());
  const VertexId none = graph.find(VertexKind::Workload, "shop/Deployment/none");
  CHECK_FALSE(none.is_valid());
}

}  // namespace meshproof
