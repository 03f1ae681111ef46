#include "cli/explain.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

constexpr std::string_view kShop = R"(
apiVersion: v1
kind: Node
metadata: {name: node-a}
status: {addresses: [{type: InternalIP, address: 192.168.1.1}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {nodeName: node-a, containers: [{name: main, ports: [{containerPort: 5432}]}]}
status: {phase: Running, podIP: 10.128.0.5, hostIP: 192.168.1.1}
---
apiVersion: v1
kind: Pod
metadata: {name: mail, namespace: shop, labels: {app: mail}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.6}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {nodeName: node-a, containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.7, hostIP: 192.168.1.1}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}}
)";

constexpr std::array<std::uint16_t, 11> kPortsTried{1,    53,    54,    4789,  5431, 5432,
                                                    5433, 22622, 22623, 22624, 22625};

Cluster shop(SdnMode mode = SdnMode::NetworkPolicy) {
  NetworkOptions options;
  options.dialect = Dialect::OpenShiftSdn;
  options.sdn = mode;
  return cluster_from(kShop, options);
}

std::vector<FlowEnd> pods_of(const Cluster& cluster) {
  const auto& pods = cluster.at(cluster.find_namespace("shop")).pods;
  return {pods.begin(), pods.end()};
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// `shop/mail -> shop/db: denied`, one line for each group.
std::vector<std::string> lines(const std::vector<ExplainedGroup>& groups) {
  std::vector<std::string> result;
  for (const ExplainedGroup& group : groups) {
    const Access access = group.flows.front().decision.access;
    result.push_back(joined(group.sources) + " -> " + joined(group.destinations) + ": " +
                     (access == Access::Allowed  ? "allowed"
                      : access == Access::Denied ? "denied"
                                                 : "unknown"));
  }
  return result;
}

FlowEnd end_named(const Cluster& cluster, const std::string& name) {
  return cluster.find_pod(cluster.find_namespace("shop"), name.substr(name.find('/') + 1));
}

}  // namespace

TEST_CASE("what is said of a group is true of each source with each destination") {
  const Cluster cluster = shop();
  const PortChoice port{Protocol::Tcp, 5432};
  const auto groups = explain_pairs(cluster, pods_of(cluster), pods_of(cluster), port);
  CHECK(lines(groups) == std::vector<std::string>{
                             "shop/db shop/mail -> shop/mail: allowed",
                             "shop/db shop/mail -> shop/web: denied",
                             "shop/db shop/mail -> shop/db: denied",
                             "shop/web -> shop/mail: allowed",
                             "shop/web -> shop/db: allowed",
                             "shop/db shop/mail shop/web -> itself: allowed",
                         });
  for (const ExplainedGroup& group : groups) {
    for (const std::string& src : group.sources) {
      for (const std::string& dst : group.destinations) {
        const FlowEnd from = end_named(cluster, src);
        const FlowEnd to = dst == "itself" ? from : end_named(cluster, dst);
        if (from == to && dst != "itself") continue;
        const Decision decision = evaluate(cluster, {from, to, port.protocol, port.port});
        INFO(src << " -> " << dst);
        CHECK(decision.access == group.flows.front().decision.access);
      }
    }
  }
}

TEST_CASE("a group shows a flow between two of its own ends") {
  const Cluster cluster = shop();
  const auto groups = explain_pairs(cluster, pods_of(cluster), pods_of(cluster), std::nullopt);
  for (const ExplainedGroup& group : groups) {
    for (const DecidedFlow& flow : group.flows) {
      CHECK(std::ranges::count(group.sources, flow.src) == 1);
      const bool to_itself = group.destinations.front() == "itself" && flow.src == flow.dst;
      CHECK((to_itself || std::ranges::count(group.destinations, flow.dst) == 1));
    }
  }
}

TEST_CASE("a single pod and itself is an answer like any other") {
  const Cluster cluster = shop();
  const FlowEnd web = end_named(cluster, "shop/web");
  CHECK(lines(explain_pairs(cluster, {web}, {web}, PortChoice{Protocol::Tcp, 80})) ==
        std::vector<std::string>{"shop/web -> shop/web: allowed"});
}

TEST_CASE("open ports are just those that are decided to be open") {
  const Cluster cluster = shop(GENERATE(SdnMode::NetworkPolicy, SdnMode::Multitenant));
  const FlowEnd node = *IpAddress::parse("192.168.1.1");
  const FlowEnd other_node = *IpAddress::parse("192.168.1.9");
  for (const FlowEnd& src : pods_of(cluster)) {
    for (const FlowEnd& dst : {node, other_node, end_named(cluster, "shop/db")}) {
      const auto groups = explain_pairs(cluster, {src}, {dst}, std::nullopt);
      REQUIRE(groups.size() == 1);
      bool has_unknown = false;
      for (const DecidedFlow& flow : groups.front().flows) {
        has_unknown = has_unknown || flow.decision.access == Access::Unknown;
      }
      bool is_unknown = false;
      for (const std::uint16_t port : kPortsTried) {
        for (const Protocol protocol : {Protocol::Tcp, Protocol::Udp}) {
          const Access access = evaluate(cluster, {src, dst, protocol, port}).access;
          INFO(to_string(src, cluster) << " -> " << to_string(dst, cluster) << " " << port);
          CHECK(groups.front().open.contains(protocol, port) == (access == Access::Allowed));
          is_unknown = is_unknown || access == Access::Unknown;
        }
      }
      CHECK(has_unknown == is_unknown);
    }
  }
}

TEST_CASE("a port that the destination declares is the one shown") {
  const Cluster cluster = shop();
  const auto groups = explain_pairs(cluster, {end_named(cluster, "shop/mail")},
                                    {end_named(cluster, "shop/db")}, std::nullopt);
  REQUIRE(groups.size() == 1);
  CHECK(groups.front().flows.front().port == 5432);
}
