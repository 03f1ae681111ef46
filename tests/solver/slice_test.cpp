#include "solver/slice.h"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "solver/evaluate.h"
#include "solver/reachability.h"
#include "tests/solver/evaluate_case.h"

namespace meshproof {
namespace {

/// Policies of both directions with selectors, blocks and names of ports.
const std::string kPolicies =
    policy("a", "in",
           "podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}, "
           "{namespaceSelector: {matchLabels: {team: \"y\"}}}], ports: [{port: http}, {port: 53, "
           "protocol: UDP}]}, {from: [{ipBlock: {cidr: 203.0.113.0/24}}, {ipBlock: {cidr: "
           "192.168.0.0/24}}]}]") +
    policy("b", "out",
           "podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{to: "
           "[{podSelector: {}}, {ipBlock: {cidr: 10.128.0.0/23}}, {ipBlock: {cidr: "
           "198.51.100.0/24}}]}]");

/// A Service with both pods of the label, one that leads nowhere, and two replicas.
const std::string kServices = R"yaml(
---
{apiVersion: v1, kind: Service, metadata: {namespace: a, name: front},
 spec: {clusterIP: 172.30.0.10, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {namespace: b, name: back},
 spec: {clusterIP: 172.30.0.11, selector: {app: client}, ports: [{port: 9000}]}}
)yaml";

Cluster sample(Dialect dialect) {
  return common_cluster(kPolicies + kServices, in_dialect(dialect));
}

PodId pod(const Cluster& cluster, std::string_view ns, std::string_view name) {
  return cluster.find_pod(cluster.find_namespace(ns), name);
}

PortSet ports_of(const Reachability& found, const std::string& src, const std::string& dst) {
  for (const Connection& each : found.connections) {
    if (to_string(each.src) == src && to_string(each.dst) == dst) return each.ports;
  }
  return PortSet::none();
}

using Names = std::vector<std::string>;

Names pairs_of(const Reachability& found) {
  Names result;
  for (const Connection& each : found.connections) {
    result.push_back(to_string(each.src) + " -> " + to_string(each.dst) + " " +
                     to_string(each.ports));
  }
  return result;
}

/// Connections of the whole whose ends satisfy a predicate.
template <typename Keep>
Names pairs_of(const Reachability& found, Keep keep) {
  Reachability kept;
  std::ranges::copy_if(found.connections, std::back_inserter(kept.connections), keep);
  return pairs_of(kept);
}

const std::vector<std::pair<Protocol, std::uint16_t>> kPorts{
    {Protocol::Icmp, 0},   {Protocol::Tcp, 1},    {Protocol::Tcp, 80},   {Protocol::Tcp, 81},
    {Protocol::Tcp, 8080}, {Protocol::Tcp, 8081}, {Protocol::Tcp, 9000}, {Protocol::Tcp, 9001},
    {Protocol::Udp, 53},   {Protocol::Udp, 54},   {Protocol::Sctp, 80}};

}  // namespace

TEST_CASE("a slice without sides is all pairs") {
  const Cluster cluster = sample(kSdn);
  CHECK(pairs_of(reach(cluster, Slice{})) == pairs_of(reach(cluster, ReachScope{})));
}

TEST_CASE("pairs that are visited are those that are held, in their order") {
  const Cluster cluster = sample(kSdn);
  Slice slice;
  slice.by_pod = GENERATE(false, true);
  if (GENERATE(false, true)) slice.ports = PortSet::of(Protocol::Udp, {53, 5000});
  if (GENERATE(false, true)) slice.to = side_of(cluster, {pod(cluster, "a", "web")});
  const Reachability held = reach(cluster, slice);
  Reachability visited;
  visited.always_dropped = visit_pairs(cluster, slice,
                                       {[&](const Connection& each) {
                                          visited.connections.push_back(each);
                                          return true;
                                        },
                                        [&](const Reachability::Undecided& each) {
                                          visited.undecided.push_back(each);
                                          return true;
                                        }});
  REQUIRE_FALSE(held.connections.empty());
  CHECK(pairs_of(visited) == pairs_of(held));
  CHECK(visited.undecided.size() == held.undecided.size());
  CHECK(visited.always_dropped == held.always_dropped);
  std::size_t count = 0;
  static_cast<void>(visit_pairs(cluster, slice,
                                {[&](const Connection&) { return ++count < 2; },
                                 [](const Reachability::Undecided&) { return true; }}));
  CHECK(count == std::min<std::size_t>(2, held.connections.size()));
}

TEST_CASE("a slice of workloads is that part of all pairs") {
  const Dialect dialect = GENERATE(kKubernetes, kSdn, kOvn);
  const Cluster cluster = sample(dialect);
  const Reachability whole = reach(cluster, ReachScope{});
  Slice slice;
  slice.from = side_of(cluster, {pod(cluster, "a", "web"), pod(cluster, "b", "client")});
  REQUIRE(slice.from->workloads.size() == 2);
  const auto is_source = [](const Connection& each) {
    return each.src.name == "web" || each.src.name == "client";
  };
  CHECK(pairs_of(reach(cluster, slice)) == pairs_of(whole, is_source));
  std::swap(slice.from, slice.to);
  const auto is_destination = [](const Connection& each) {
    return each.dst.name == "web" || each.dst.name == "client";
  };
  CHECK(pairs_of(reach(cluster, slice)) == pairs_of(whole, is_destination));
}

TEST_CASE("single pods, Services and addresses get the answers of the evaluator") {
  const Dialect dialect = GENERATE(kKubernetes, kSdn, kOvn);
  const Cluster cluster = sample(dialect);
  const Evaluator evaluator(cluster, PendingPods::WillRun);
  SliceSide destinations;
  destinations.pods = {pod(cluster, "a", "web"), pod(cluster, "a", "db")};
  destinations.services = {{0}, {1}};
  for (const char* text : {"203.0.113.9", "198.51.100.7", "192.168.0.2", "10.131.0.9"}) {
    destinations.addresses.push_back(IpAddress::parse(text).value());
  }
  Slice slice;
  slice.to = destinations;
  const Reachability found = reach(cluster, slice);
  std::size_t open = 0;
  const auto check = [&](PodId src, const FlowEnd& dst, const std::string& name) {
    const Workload& workload = cluster.at(cluster.at(src).workload);
    const std::string source =
        cluster.at(workload.ns).name + "/" + workload.kind + "/" + workload.name;
    const PortSet ports = ports_of(found, source, name);
    for (const auto& [protocol, port] : kPorts) {
      const Decision decision = evaluator.evaluate({src, dst, protocol, port});
      INFO(source << " -> " << name << " " << to_string(protocol) << " " << port << ": "
                  << to_text(decision));
      CHECK(ports.contains(protocol, port) == decision.is_allowed());
      open += decision.is_allowed() ? 1U : 0U;
    }
  };
  for (std::uint32_t i = 0; i < cluster.pods.size(); ++i) {
    const PodId src{i};
    if (cluster.at(src).is_completed()) continue;
    for (const PodId dst : destinations.pods) {
      if (src != dst) check(src, dst, "a/Pod/" + cluster.at(dst).name);
    }
    for (const ServiceId dst : destinations.services) {
      const Service& service = cluster.at(dst);
      check(src, dst, cluster.at(service.ns).name + "/Service/" + service.name);
    }
    for (const IpAddress& dst : destinations.addresses) check(src, dst, dst.to_string() + "/32");
  }
  CHECK(open > 50);
}

TEST_CASE("by pod each replica is an end of its own, and none reaches itself") {
  const std::string replicas = R"yaml(
---
{apiVersion: apps/v1, kind: ReplicaSet, metadata: {namespace: a, name: twin}, spec: {}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: a, name: twin-1, labels: {app: twin},
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: twin, uid: "1", controller: true}]},
 spec: {nodeName: node-a, containers: [{name: c, image: x}]},
 status: {phase: Running, podIP: 10.128.0.31}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: a, name: twin-2, labels: {app: twin},
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: twin, uid: "1", controller: true}]},
 spec: {nodeName: node-b, containers: [{name: c, image: x}]},
 status: {phase: Running, podIP: 10.128.2.31}}
)yaml";
  const Cluster cluster = common_cluster(replicas, in_dialect(kSdn));
  Slice slice;
  slice.from = side_of(cluster, {pod(cluster, "a", "twin-1"), pod(cluster, "a", "twin-2")});
  slice.to = slice.from;
  REQUIRE(slice.from->workloads.size() == 1);
  CHECK(pairs_of(reach(cluster, slice)) ==
        Names{"a/ReplicaSet/twin -> a/ReplicaSet/twin all ports"});
  slice.by_pod = true;
  const Names both{"a/Pod/twin-1 -> a/Pod/twin-2 all ports",
                   "a/Pod/twin-2 -> a/Pod/twin-1 all ports"};
  CHECK(pairs_of(reach(cluster, slice)) == both);

  ReachScope scope;
  scope.by_pod = true;
  const auto are_twins = [](const Connection& each) {
    return each.src.name.starts_with("twin") && each.dst.name.starts_with("twin");
  };
  CHECK(pairs_of(reach(cluster, scope), are_twins) == both);

  slice.by_pod = false;
  slice.from = side_of(cluster, {pod(cluster, "a", "twin-1")});
  REQUIRE(slice.from->pods.size() == 1);
  CHECK(pairs_of(reach(cluster, slice)) == Names{"a/Pod/twin-1 -> a/ReplicaSet/twin all ports"});
}

TEST_CASE("only the ports that were asked about are in a slice") {
  const Cluster cluster = sample(kSdn);
  Slice slice;
  slice.ports = PortSet::of(Protocol::Udp, {53, 53});
  const Reachability found = reach(cluster, slice);
  REQUIRE_FALSE(found.connections.empty());
  CHECK(found.always_dropped.is_empty());
  for (const Connection& each : found.connections) CHECK(each.ports == slice.ports);
  slice.ports = PortSet::of(Protocol::Udp, {4789, 4789});
  const Reachability dropped = reach(cluster, slice);
  CHECK(dropped.connections.empty());
  CHECK(dropped.always_dropped == slice.ports);
}

TEST_CASE("an address is whoever has it") {
  const Cluster cluster = sample(kSdn);
  const auto at = [&](const char* text) {
    return side_at(cluster, IpAddress::parse(text).value());
  };
  CHECK(at("10.128.0.10").workloads.size() == 1);
  CHECK(at("192.168.0.1").nodes.size() == 1);
  CHECK(at("10.128.2.1").nodes.size() == 1);
  CHECK(at("172.30.0.10").services.size() == 1);
  CHECK(at("203.0.113.9").addresses.size() == 1);
  CHECK(at("10.128.2.20").addresses.size() == 1);  // of a completed pod
}

TEST_CASE("a block is everybody in it") {
  const Cluster cluster = sample(kSdn);
  const auto in = [&](const char* text) { return side_in(cluster, Cidr::parse(text).value()); };
  const SliceSide pods = in("10.128.2.0/23");
  CHECK(pods.workloads.size() == 3);
  CHECK(pods.nodes.empty());
  CHECK(pods_perhaps_in(cluster, Cidr::parse("10.128.2.0/23").value()) == 2);
  CHECK(pods_perhaps_in(cluster, Cidr::parse("10.128.0.0/14").value()) == 0);
  CHECK(pods_perhaps_in(cluster, Cidr::parse("203.0.113.0/24").value()) == 0);
  CHECK(in("10.128.0.0/14").workloads.size() == 6);
  CHECK(in("192.168.0.0/24").nodes.size() == 2);
  CHECK(in("172.30.0.0/16").services.size() == 2);
  CHECK(in("203.0.113.0/24").workloads.empty());
}

TEST_CASE("an asked block is cut where policies cut it") {
  const Cluster cluster = sample(kSdn);
  Slice slice;
  slice.from = side_in(cluster, Cidr::parse("203.0.112.0/22").value());
  slice.to = side_of(cluster, {pod(cluster, "a", "web")});
  CHECK(pairs_of(reach(cluster, slice)) == Names{"203.0.113.0/24 -> a/Pod/web all ports"});
}

TEST_CASE("pairs of hosts are told only if both sides were asked for") {
  const Cluster cluster = sample(kSdn);
  Slice slice;
  slice.from = side_at(cluster, IpAddress::parse("203.0.113.9").value());
  const auto are_hosts = [](const Connection& each) {
    return each.src.ns.empty() && each.dst.ns.empty();
  };
  CHECK(pairs_of(reach(cluster, slice), are_hosts).empty());
  slice.to = side_at(cluster, IpAddress::parse("192.168.0.1").value());
  CHECK(pairs_of(reach(cluster, slice)) == Names{"203.0.113.9/32 -> Node/node-a all ports"});
}

}  // namespace meshproof
