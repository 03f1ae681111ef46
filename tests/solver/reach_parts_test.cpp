#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "solver/evaluate.h"
#include "solver/reachability.h"
#include "tests/solver/evaluate_case.h"

/// Changes that hit some pods of a workload and not others.
namespace meshproof {
namespace {

std::string member(const std::string& ns, const std::string& name, const std::string& owner,
                   const std::string& node, const std::string& more) {
  return "\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: " + ns + ", name: " + name +
         ", labels: {name: " + name + "}, ownerReferences: [{apiVersion: apps/v1, kind: " + owner +
         ", controller: true, uid: \"1\"}]}, spec: {nodeName: node-" + node +
         ", containers: [{name: c, image: x}]" + more + "}}\n";
}

/// `a/StatefulSet/pg` with a pod on each node, and `h/DaemonSet/router` on the nodes' network.
std::string parts() {
  const std::string address = "}, status: {phase: Running, podIP: ";
  return "\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {namespace: a, name: pg}, "
         "spec: "
         "{selector: {matchLabels: {app: pg}}, template: {metadata: {labels: {app: pg}}, spec: "
         "{containers: [{name: c, image: x}]}}}}\n"
         "\n---\n{apiVersion: apps/v1, kind: DaemonSet, metadata: {namespace: h, name: router}, "
         "spec: {selector: {matchLabels: {app: router}}, template: {metadata: {labels: {app: "
         "router}}, spec: {hostNetwork: true, containers: [{name: c, image: x}]}}}}\n" +
         member("a", "pg-0", "StatefulSet, name: pg", "a", address + "10.128.0.50") +
         member("a", "pg-1", "StatefulSet, name: pg", "b", address + "10.128.2.50") +
         member("h", "router-a", "DaemonSet, name: router", "a",
                ", hostNetwork: true" + address + "192.168.0.1, hostIP: 192.168.0.1") +
         member("h", "router-b", "DaemonSet, name: router", "b",
                ", hostNetwork: true" + address + "192.168.0.2, hostIP: 192.168.0.2");
}

Cluster cluster_with(const std::string& policies, Dialect dialect) {
  return common_cluster(parts() + policies, in_dialect(dialect));
}

std::string locked(std::string_view pod) {
  return policy("a", "lock", "podSelector: {matchLabels: {name: " + std::string(pod) + "}}");
}

std::optional<Connection> find(const ChangedConnections& connections, std::string_view src,
                               std::string_view dst) {
  for (Connection& each : spelled_out(connections)) {
    if (to_string(each.src) == src && to_string(each.dst) == dst) return std::move(each);
  }
  return std::nullopt;
}

TEST_CASE("a policy for one pod of a workload takes a part of its connections") {
  const Cluster before = cluster_with("", kSdn);
  const Cluster after = cluster_with(locked("pg-0"), kSdn);
  const ReachabilityChange closed = compare(before, after);
  CHECK(closed.gained.empty());
  const auto lost = find(closed.lost, "b/Pod/client", "a/StatefulSet/pg");
  REQUIRE(lost);
  CHECK(lost->partly);
  REQUIRE_FALSE(lost->evidence.empty());
  CHECK(lost->evidence.front().policy == "NetworkPolicy a/lock");
  const ReachabilityChange opened = compare(after, before);
  CHECK(opened.lost.empty());
  REQUIRE(find(opened.gained, "b/Pod/client", "a/StatefulSet/pg"));
}

TEST_CASE("a policy that moves from one pod to the other is a loss and a gain") {
  const Cluster before = cluster_with(locked("pg-0"), kSdn);
  const Cluster after = cluster_with(locked("pg-1"), kSdn);
  const ReachabilityChange change = compare(before, after);
  for (const auto* connections : {&change.lost, &change.gained}) {
    const auto found = find(*connections, "b/Pod/client", "a/StatefulSet/pg");
    REQUIRE(found);
    CHECK(found->partly);
  }
}

TEST_CASE("hosts that lose the pods of other nodes lose a part") {
  const Cluster before = cluster_with("", kSdn);
  const Cluster after = cluster_with(policy("a", "all", "podSelector: {}"), kSdn);
  const ReachabilityChange change = compare(before, after);
  const auto lost = find(change.lost, "h/DaemonSet/router", "a/StatefulSet/pg");
  REQUIRE(lost);
  CHECK(lost->partly);
  const auto node = find(change.lost, "Node/node-a", "a/StatefulSet/pg");
  REQUIRE(node);
  CHECK(node->partly);
  const auto whole = find(change.lost, "b/Pod/client", "a/StatefulSet/pg");
  REQUIRE(whole);
  CHECK_FALSE(whole->partly);
}

TEST_CASE("one port that cannot be decided hides no loss on the others") {
  const std::string block = policy("a", "block",
                                   "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "
                                   "10.128.2.0/23}}], ports: [{port: 80}]}]");
  const Cluster before = cluster_with("", kSdn);
  const Cluster after = cluster_with(block, kSdn);
  const ReachabilityChange change = compare(before, after);
  const auto lost = find(change.lost, "b/Pod/waiting", "a/Pod/web");
  REQUIRE(lost);
  CHECK(lost->ports.contains(Protocol::Tcp, 81));
  CHECK_FALSE(lost->ports.contains(Protocol::Tcp, 80));
  const auto open = std::ranges::find_if(change.undecided, [](const auto& each) {
    return to_string(each.src) == "b/Pod/waiting" && to_string(each.dst) == "a/Pod/web";
  });
  REQUIRE(open != change.undecided.end());
  CHECK(to_string(open->ports) == "TCP 80");
}

std::string random_policies() {
  std::string result;
  const int count = *rc::gen::inRange(0, 3);
  for (int i = 0; i < count; ++i) {
    const std::string selector =
        *rc::gen::element<std::string>("{}", "{matchLabels: {name: pg-0}}",
                                       "{matchLabels: {name: pg-1}}", "{matchLabels: {app: web}}");
    const std::string peer = *rc::gen::element<std::string>(
        "{podSelector: {matchLabels: {name: pg-1}}}", "{podSelector: {}}",
        "{namespaceSelector: {matchLabels: {team: \"y\"}}}", "{ipBlock: {cidr: 10.128.2.0/23}}");
    const std::string ports =
        *rc::gen::element<std::string>("", ", ports: [{port: 80}]", ", ports: [{port: 8080}]");
    result +=
        policy("a", "p" + std::to_string(i),
               "podSelector: " + selector + ", ingress: [{from: [" + peer + "]" + ports + "}]");
  }
  return result;
}

EndpointName workload_of(const Cluster& cluster, PodId pod) {
  const Workload& workload = cluster.at(cluster.at(pod).workload);
  return {cluster.at(workload.ns).name, workload.kind, workload.name, {}};
}

/// Every pair of pods of one direction of the change is told, and what is told is between a pair.
void check_direction(const Cluster& from, const Cluster& to,
                     const std::vector<Connection>& connections) {
  const Evaluator old_state(from, PendingPods::WillRun);
  const Evaluator new_state(to, PendingPods::WillRun);
  for (const auto& [protocol, port] : {std::pair{Protocol::Tcp, std::uint16_t{80}},
                                       {Protocol::Tcp, std::uint16_t{8080}},
                                       {Protocol::Udp, std::uint16_t{80}}}) {
    std::vector<std::pair<EndpointName, EndpointName>> differing;
    std::vector<std::pair<EndpointName, EndpointName>> still_open;
    for (std::uint32_t s = 0; s < from.pods.size(); ++s) {
      for (std::uint32_t d = 0; d < from.pods.size(); ++d) {
        const Flow flow{PodId{s}, PodId{d}, protocol, port};
        if (s == d || from.pods[s].is_completed() || from.pods[d].is_completed()) continue;
        const std::pair pair{workload_of(from, PodId{s}), workload_of(from, PodId{d})};
        const Access is = new_state.evaluate(flow).access;
        if (is != Access::Denied) still_open.push_back(pair);
        if (old_state.evaluate(flow).is_allowed() && is == Access::Denied)
          differing.push_back(pair);
      }
    }
    for (const auto& pair : differing) {
      RC_ASSERT(std::ranges::any_of(
          connections, [&, &protocol = protocol, &port = port](const Connection& each) {
            return each.src == pair.first && each.dst == pair.second &&
                   each.ports.contains(protocol, port);
          }));
    }
    for (const Connection& each : connections) {
      const bool is_pair = !each.src.ns.empty() && !each.dst.ns.empty();
      if (!is_pair || !each.ports.contains(protocol, port)) continue;
      const std::pair pair{each.src, each.dst};
      RC_ASSERT(std::ranges::find(differing, pair) != differing.end());
      const bool some_open = std::ranges::find(still_open, pair) != still_open.end();
      RC_ASSERT(each.partly == some_open);
    }
  }
}

TEST_CASE("what changes between two pods is told of their workloads", "[agreement]") {
  const Dialect dialect = GENERATE(kKubernetes, kSdn, kOvn);
  const bool holds = rc::check(std::string(to_string(dialect)), [dialect] {
    const Cluster before = cluster_with(random_policies(), dialect);
    const Cluster after = cluster_with(random_policies(), dialect);
    const ReachabilityChange change = compare(before, after);
    check_direction(before, after, spelled_out(change.lost));
    check_direction(after, before, spelled_out(change.gained));
  });
  CHECK(holds);
}

}  // namespace
}  // namespace meshproof
