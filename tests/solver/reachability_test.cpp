#include "solver/reachability.h"

#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "solver/evaluate.h"
#include "tests/solver/evaluate_case.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

PortSet ports_between(const Reachability& reachability, std::string_view src,
                      std::string_view dst) {
  for (const Connection& connection : reachability.connections) {
    if (to_string(connection.src) == src && to_string(connection.dst) == dst) {
      return connection.ports;
    }
  }
  return PortSet::none();
}

bool has_end(const Reachability& reachability, std::string_view name) {
  return std::ranges::any_of(reachability.connections, [&](const Connection& connection) {
    return to_string(connection.src) == name || to_string(connection.dst) == name;
  });
}

const std::string kOnePort =
    policy("a", "p",
           "podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector: "
           "{matchLabels: {team: \"y\"}}}], ports: [{port: 8000, endPort: 8080}]}, {from: "
           "[{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.128/25]}}]}]");

TEST_CASE("reachability is exact to the port, by workload") {
  const Cluster cluster = common_cluster(kOnePort, in_dialect(kSdn));
  const Reachability found = reach(cluster);
  CHECK(to_string(ports_between(found, "b/Pod/client", "a/Pod/web")) == "TCP 8000-8080");
  CHECK(ports_between(found, "b/Pod/client", "a/Pod/db").is_all());
  CHECK(ports_between(found, "a/Pod/db", "a/Pod/web").is_empty());
  CHECK(to_string(found.always_dropped) == "UDP 4789");
}

TEST_CASE("reachability leaves out completed pods and counts those that will run") {
  const Reachability found = reach(common_cluster("", in_dialect(kSdn)));
  CHECK_FALSE(has_end(found, "b/Pod/done"));
  CHECK(ports_between(found, "b/Pod/waiting", "a/Pod/web").is_all());
  CHECK(ports_between(found, "b/Deployment/next", "a/Pod/web").is_all());
}

TEST_CASE("addresses outside are cut at the borders of the ipBlocks") {
  const Reachability found = reach(common_cluster(kOnePort, in_dialect(kSdn)));
  CHECK(ports_between(found, "203.0.113.0/24", "a/Pod/web").is_all());
  CHECK(ports_between(found, "203.0.113.128/25", "a/Pod/web").is_empty());
  CHECK(ports_between(found, "0.0.0.0/0", "a/Pod/web").is_empty());
  CHECK(ports_between(found, "0.0.0.0/0", "a/Pod/db").is_all());
}

TEST_CASE("a node reaches its own pods, other nodes ask the policies") {
  const Reachability found = reach(common_cluster(kOnePort, in_dialect(kSdn)));
  CHECK(ports_between(found, "Node/node-a", "a/Pod/web").is_all());
  CHECK(ports_between(found, "Node/node-b", "a/Pod/web").is_empty());
}

TEST_CASE("pairs that hang on an unknown address are undecided") {
  const std::string block =
      policy("a", "p", "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.128.2.0/23}}]}]");
  const Reachability found = reach(common_cluster(block, in_dialect(kSdn)));
  REQUIRE_FALSE(found.undecided.empty());
  const auto is_next = [](const Reachability::Undecided& pair) {
    return to_string(pair.src) == "b/Deployment/next" || to_string(pair.src) == "b/Pod/waiting";
  };
  CHECK(std::ranges::all_of(found.undecided, is_next));
}

TEST_CASE("a scope limits the ends") {
  const Cluster cluster = common_cluster("", in_dialect(kSdn));
  ReachScope scope;
  scope.from =
      std::vector{cluster.at(cluster.find_pod(cluster.find_namespace("b"), "client")).workload};
  scope.outside = false;
  scope.nodes = false;
  for (const Connection& connection : reach(cluster, scope).connections) {
    CHECK(to_string(connection.src) == "b/Pod/client");
    CHECK(connection.dst.cidr.empty());
  }
}

TEST_CASE("two states compared tell what was gained and lost, and why") {
  const Cluster before = common_cluster("", in_dialect(kSdn));
  const Cluster after = common_cluster(kOnePort, in_dialect(kSdn));
  const ReachabilityChange closed = compare(before, after);
  CHECK(closed.gained.empty());
  const std::vector<Connection> all_lost = spelled_out(closed.lost);
  const auto lost = std::ranges::find_if(all_lost, [](const Connection& connection) {
    return to_string(connection.src) == "a/Pod/db" && to_string(connection.dst) == "a/Pod/web";
  });
  REQUIRE(lost != all_lost.end());
  REQUIRE_FALSE(lost->evidence.empty());
  CHECK(lost->evidence.front().policy == "NetworkPolicy a/p");

  const ReachabilityChange opened = compare(after, before);
  CHECK(opened.lost.empty());
  REQUIRE(opened.gained.count() == closed.lost.count());
  CHECK_FALSE(spelled_out(opened.gained).front().evidence.empty());
}

TEST_CASE("nothing changes between a state and itself") {
  const Cluster cluster = common_cluster(kOnePort, in_dialect(kOvn));
  const ReachabilityChange change = compare(cluster, cluster);
  CHECK(change.gained.empty());
  CHECK(change.lost.empty());
}

std::string random_peer() {
  return *rc::gen::element<std::string>(
      "{podSelector: {}}", "{podSelector: {matchLabels: {app: web}}}", "{namespaceSelector: {}}",
      "{namespaceSelector: {matchLabels: {team: \"y\"}}}",
      "{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [x]}]}}",
      "{namespaceSelector: {}, podSelector: {matchExpressions: [{key: app, operator: Exists}]}}",
      "{ipBlock: {cidr: 10.128.2.0/23, except: [10.128.2.12/32]}}",
      "{ipBlock: {cidr: 192.168.0.0/24}}", "{ipBlock: {cidr: 203.0.113.0/24}}");
}

std::string random_port() {
  return *rc::gen::element<std::string>("{port: 80}", "{port: http}", "{port: 79, endPort: 8080}",
                                        "{protocol: UDP, port: 53}", "{protocol: SCTP}");
}

std::string random_rules() {
  const std::string peers = *rc::gen::element(0, 1) == 0 ? "" : "from: [" + random_peer() + "], ";
  const std::string ports =
      *rc::gen::element(0, 1) == 0 ? "" : "ports: [" + random_port() + ", " + random_port() + "]";
  return "[{" + peers + ports + "}]";
}

std::string random_policy(int number) {
  const std::string ns = *rc::gen::element<std::string>("a", "b", "default");
  const std::string selector = *rc::gen::element<std::string>(
      "{}", "{matchLabels: {app: web}}",
      "{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}");
  std::string egress = random_rules();
  if (const auto at = egress.find("from:"); at != std::string::npos) egress.replace(at, 4, "to");
  const std::string types =
      *rc::gen::element<std::string>("[Ingress]", "[Egress]", "[Ingress, Egress]");
  return policy(ns, "p" + std::to_string(number),
                "podSelector: " + selector + ", policyTypes: " + types +
                    ", ingress: " + random_rules() + ", egress: " + egress);
}

/// Ports on both sides of every border that the random policies draw.
const std::vector<std::pair<Protocol, std::uint16_t>> kTellingPorts{
    {Protocol::Icmp, 0},   {Protocol::Tcp, 1},     {Protocol::Tcp, 78},    {Protocol::Tcp, 79},
    {Protocol::Tcp, 80},   {Protocol::Tcp, 81},    {Protocol::Tcp, 8080},  {Protocol::Tcp, 8081},
    {Protocol::Tcp, 9000}, {Protocol::Tcp, 22624}, {Protocol::Tcp, 65535}, {Protocol::Udp, 53},
    {Protocol::Udp, 54},   {Protocol::Udp, 8080},  {Protocol::Sctp, 80}};

TEST_CASE("reachability agrees with the evaluator, pod by pod and port by port", "[agreement]") {
  const Dialect dialect = GENERATE(kKubernetes, kSdn, kOvn);
  const bool holds = rc::check(std::string(to_string(dialect)), [dialect] {
    std::string manifests;
    const int count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i) manifests += random_policy(i);
    const Cluster cluster = common_cluster(manifests, in_dialect(dialect));
    const Evaluator evaluator(cluster, PendingPods::WillRun);
    const Reachability found = reach(cluster);
    for (std::uint32_t s = 0; s < cluster.pods.size(); ++s) {
      for (std::uint32_t d = 0; d < cluster.pods.size(); ++d) {
        const PodId src{s};
        const PodId dst{d};
        if (src == dst || cluster.at(src).is_completed() || cluster.at(dst).is_completed())
          continue;
        const auto name = [&](PodId id) {
          const Workload& workload = cluster.at(cluster.at(id).workload);
          return cluster.at(workload.ns).name + '/' + workload.kind + '/' + workload.name;
        };
        const PortSet ports = ports_between(found, name(src), name(dst));
        for (const auto& [protocol, port] : kTellingPorts) {
          const Decision decision = evaluator.evaluate({src, dst, protocol, port});
          if (ports.contains(protocol, port) == decision.is_allowed()) continue;
          RC_FAIL(manifests + "\n" + name(src) + " -> " + name(dst) + ' ' +
                  std::string(to_string(protocol)) + ' ' + std::to_string(port) + ": " +
                  to_text(decision));
        }
      }
    }
  });
  CHECK(holds);
}

}  // namespace
}  // namespace meshproof
