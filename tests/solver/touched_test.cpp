#include "solver/touched.h"

#include <set>
#include <string>

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "solver/reachability.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

const std::vector<std::string> kNames{"a", "b", "c", "default", "openshift-host-network"};

std::string pod(const std::string& ns, const std::string& name, const std::string& node,
                const std::string& address, const std::string& more) {
  return "---\n{apiVersion: v1, kind: Pod, metadata: {namespace: " + ns + ", name: " + name +
         ", labels: {app: " + name + "}}, spec: {nodeName: " + node + more +
         ", containers: [{name: c, image: i}]}, status: {phase: Running, podIP: " + address +
         ", hostIP: 192.168.0." + (node == "n1" ? "1" : "2") + "}}\n";
}

/// The part that both states have.
std::string pods() {
  std::string text;
  int number = 10;
  for (const std::string ns : {"a", "b", "c", "default"}) {
    const std::string last = std::to_string(++number);
    text += pod(ns, "web", "n1", "10.128.0." + last, "");
    text += pod(ns, "db", "n2", "10.128.2." + last, "");
  }
  text += pod("c", "host", "n2", "192.168.0.2", ", hostNetwork: true");
  return text;
}

std::string namespace_text(const std::string& name, const std::string& team) {
  return "---\n{apiVersion: v1, kind: Namespace, metadata: {name: " + name +
         ", labels: {team: " + team + "}}}\n";
}

std::string net_namespace_text(const std::string& name, int netid) {
  return "---\n{apiVersion: network.openshift.io/v1, kind: NetNamespace, metadata: {name: " + name +
         "}, netname: " + name + ", netid: " + std::to_string(netid) + "}\n";
}

std::string random_policy(const std::string& ns) {
  const std::string peer = *rc::gen::element<std::string>(
      "{namespaceSelector: {matchLabels: {team: red}}}", "{podSelector: {}}",
      "{namespaceSelector: {matchLabels: {team: blue}}, podSelector: {matchLabels: {app: web}}}",
      "{namespaceSelector: {}}", "{ipBlock: {cidr: 10.128.0.0/23}}");
  const std::string direction = *rc::gen::element<std::string>("Ingress", "Egress");
  const std::string rules = direction == "Ingress" ? "ingress: [{from: [" + peer + "]}]"
                                                   : "egress: [{to: [" + peer + "]}]";
  return "---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: " +
         ns + ", name: p}, spec: {podSelector: {}, policyTypes: [" + direction + "], " + rules +
         "}}\n";
}

/// What may differ between the states, of one namespace.
std::string random_namespace(const std::string& name) {
  std::string text = namespace_text(name, *rc::gen::element<std::string>("red", "blue"));
  const int netid = name == "default" ? 0 : *rc::gen::element(0, 20, 30, 40);
  text += net_namespace_text(name, netid);
  if (*rc::gen::element(0, 1) == 1) text += random_policy(name);
  return text;
}

void require_same(const ChangedConnections& few, const ChangedConnections& many) {
  const std::vector<Connection> some = spelled_out(few);
  const std::vector<Connection> all = spelled_out(many);
  RC_ASSERT(some.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    RC_ASSERT(some[i].src == all[i].src);
    RC_ASSERT(some[i].dst == all[i].dst);
    RC_ASSERT(some[i].ports == all[i].ports);
  }
}

TEST_CASE("asking only about what was touched finds every difference", "[agreement]") {
  struct Row {
    Dialect dialect;
    SdnMode mode;
  };
  const Row row = GENERATE(values<Row>({{Dialect::Kubernetes, SdnMode::NetworkPolicy},
                                        {Dialect::OvnKubernetes, SdnMode::NetworkPolicy},
                                        {Dialect::OpenShiftSdn, SdnMode::NetworkPolicy},
                                        {Dialect::OpenShiftSdn, SdnMode::Multitenant}}));
  const bool holds = rc::check("", [row] {
    std::string before = pods();
    std::string after = pods();
    for (const std::string& name : kNames) {
      const std::string text = random_namespace(name);
      before += text;
      after += *rc::gen::inRange(0, 3) == 0 ? random_namespace(name) : text;
    }
    NetworkOptions options;
    options.sdn = row.mode;
    options.dialect = row.dialect;
    const Snapshot old_state = snapshot_from(before, options);
    const Snapshot new_state = snapshot_from(after, options);
    const ReachabilityChange some = compare(old_state, new_state);
    const ReachabilityChange all = compare(old_state.cluster, new_state.cluster);
    require_same(some.gained, all.gained);
    require_same(some.lost, all.lost);
  });
  CHECK(holds);
}

TEST_CASE("a difference touches its namespace and those that share its network id") {
  const std::string common = namespace_text("a", "red") + namespace_text("b", "red") +
                             namespace_text("c", "red") + net_namespace_text("a", 20) +
                             net_namespace_text("b", 20) + net_namespace_text("c", 30);
  const Snapshot before = snapshot_from(common);
  CHECK(touched_namespaces(before, before) == std::set<std::string>{});
  const std::string policy =
      "---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: b, name: "
      "p}, spec: {podSelector: {}}}\n";
  CHECK(touched_namespaces(before, snapshot_from(common + policy)) ==
        std::set<std::string>{"a", "b"});
  const std::string binding =
      "---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {namespace: b, "
      "name: r}, roleRef: {kind: Role, name: r}}\n";
  CHECK(touched_namespaces(before, snapshot_from(common + binding)) == std::set<std::string>{});
}

TEST_CASE("a difference touches where it makes a policy too large for the SDN") {
  std::string ports;
  for (int port = 1; port <= 5000; ++port) ports += "{port: " + std::to_string(port) + "}, ";
  const auto state = [&](const std::string& colour_of_a) {
    NetworkOptions options;
    options.dialect = Dialect::OpenShiftSdn;
    options.sdn = SdnMode::NetworkPolicy;
    return snapshot_from(
        namespace_text("a", colour_of_a) + namespace_text("b", "blue") +
            namespace_text("c", "red") + pod("a", "one", "n1", "10.128.0.9", "") +
            pod("c", "two", "n1", "10.128.0.10", "") +
            "---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: b, "
            "name: p}, spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
            "{team: red}}, podSelector: {}}], ports: [" +
            ports + "]}]}}\n",
        options);
  };
  CHECK(touched_namespaces(state("blue"), state("red")) == std::set<std::string>{"a", "b"});
  // One pod less is half of the flows: not too large in either state.
  CHECK(touched_namespaces(state("blue"), state("green")) == std::set<std::string>{"a"});
}

TEST_CASE("a difference that acts across namespaces has no bound") {
  const std::string common = namespace_text("a", "red");
  const Snapshot before = snapshot_from(common);
  const auto beside = [&](const std::string& more, const NetworkOptions& options = {}) {
    return touched_namespaces(before, snapshot_from(common + more, options));
  };
  CHECK(beside(pod("a", "web", "n1", "10.128.0.9", "")) == std::nullopt);
  CHECK(beside(namespace_text("openshift-host-network", "red")) == std::nullopt);
  NetworkOptions other_network;
  other_network.dialect = Dialect::OvnKubernetes;
  CHECK(beside("", other_network) == std::nullopt);
  CHECK(beside("---\n{apiVersion: example.com/v1, kind: NetworkPolicy, metadata: {namespace: a, "
               "name: p}}\n") == std::nullopt);
}

}  // namespace
}  // namespace meshproof
