#include "solver/suggest.h"

#include <catch2/catch.hpp>

#include "solver/evaluate.h"
#include "tests/support/yaml.h"

/// SEMANTICS A1, A7: how the ends of a flow are named, and what becomes of flows that need no
/// policy or cannot have one.
namespace meshproof {

namespace {

const std::string kObjects = R"(
apiVersion: v1
kind: Node
metadata: {name: node-a}
status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}
---
apiVersion: v1
kind: Node
metadata: {name: node-b}
status: {addresses: [{type: InternalIP, address: 192.168.0.2}]}
---
apiVersion: network.openshift.io/v1
kind: HostSubnet
metadata: {name: node-a}
host: node-a
hostIP: 192.168.0.1
subnet: 10.128.0.0/23
---
apiVersion: network.openshift.io/v1
kind: HostSubnet
metadata: {name: node-b}
host: node-b
hostIP: 192.168.0.2
subnet: 10.128.2.0/23
---
apiVersion: config.openshift.io/v1
kind: Network
metadata: {name: cluster}
spec: {networkType: OpenShiftSDN, clusterNetwork: [{cidr: 10.128.0.0/14, hostPrefix: 23}], serviceNetwork: [172.30.0.0/16]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: payments}
---
apiVersion: v1
kind: Namespace
metadata: {name: routers, labels: {network.openshift.io/policy-group: ingress}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: shop}
spec:
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders, version: v1}}
    spec: {containers: [{name: main, ports: [{name: https, containerPort: 8443}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {version: v1}, ports: [{port: 443, targetPort: https}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api-1, namespace: payments, labels: {app: api, pod-template-hash: x, team: blue}}
spec: {containers: [{name: main}], nodeName: node-b}
status: {phase: Running, podIP: 10.128.2.5}
---
apiVersion: v1
kind: Pod
metadata: {name: api-2, namespace: payments, labels: {app: api, pod-template-hash: x, team: blue}}
spec: {containers: [{name: main}], nodeName: node-b}
status: {phase: Running, podIP: 10.128.2.6}
---
apiVersion: v1
kind: Pod
metadata: {name: bare, namespace: payments}
spec: {containers: [{name: main}], nodeName: node-b}
status: {phase: Running, podIP: 10.128.2.7}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: payments, labels: {app: agent}}
spec: {hostNetwork: true, containers: [{name: main}], nodeName: node-b}
status: {phase: Running, podIP: 192.168.0.2}
---
apiVersion: v1
kind: Pod
metadata: {name: router, namespace: routers, labels: {app: router}}
spec: {containers: [{name: main}], nodeName: node-b}
status: {phase: Running, podIP: 10.128.2.8}
)";

std::string policy(const std::string& ns, const std::string& name, const std::string& spec) {
  return "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: " + name +
         ", namespace: " + ns + "}\nspec: {" + spec + "}\n";
}

const std::string kClosed =
    policy("shop", "istio-mesh-basic",
           "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
           "{maistra.io/member-of: mesh-a}}}]}]");

NetworkOptions network(Dialect dialect, SdnMode mode = SdnMode::NetworkPolicy) {
  NetworkOptions options;
  options.dialect = dialect;
  if (dialect == Dialect::OpenShiftSdn) options.sdn = mode;
  return options;
}

PodId pod_of(const Cluster& cluster, const std::string& ns, const std::string& name) {
  const PodId pod = cluster.find_pod(cluster.find_namespace(ns), name);
  REQUIRE(pod.is_valid());
  return pod;
}

/// The two states and flows between their pods.
struct Case {
  Snapshot before;
  Snapshot after;
  std::vector<KeptFlow> flows = {};

  Case(const std::string& more_before, const std::string& more_after,
       const NetworkOptions& options = network(Dialect::OpenShiftSdn))
      : before(snapshot_from(kObjects + more_before, options)),
        after(snapshot_from(kObjects + more_after, options)) {}

  KeptFlow& add(const std::string& ns, const std::string& pod) {
    KeptFlow flow;
    flow.from = ns + "/" + pod;
    flow.to = "shop/orders";
    flow.sources = {pod_of(after.cluster, ns, pod)};
    flow.destinations = {pod_of(after.cluster, "shop", "Deployment/orders")};
    flows.push_back(flow);
    return flows.back();
  }
  [[nodiscard]] Suggestion run() const { return suggest(before, after, flows); }
};

const Tree& spec_of(const Suggestion& suggestion) {
  REQUIRE(suggestion.policies.size() == 1);
  return *suggestion.policies.front().manifest.find("spec");
}

const Tree& first_peer(const Suggestion& suggestion, const char* direction = "ingress",
                       const char* side = "from") {
  const Tree* rules = spec_of(suggestion).find(direction);
  REQUIRE(rules != nullptr);
  return rules->items.front().find(side)->items.front();
}

/// Fails with what does not hold.
void check_proved(const Suggestion& suggestion) {
  for (const Verdict& verdict : suggestion.verdicts) {
    if (const auto* violated = std::get_if<Violated>(&verdict.finding)) {
      FAIL_CHECK(verdict.statement + ": " + violated->src + " → " + violated->dst);
    }
    if (const auto* undecided = std::get_if<Undecided>(&verdict.finding)) {
      FAIL_CHECK(verdict.statement + ": " + undecided->reason);
    }
  }
}

using Status = KeptAnswer::Status;
constexpr std::array kDialects{Dialect::Kubernetes, Dialect::OpenShiftSdn, Dialect::OvnKubernetes};

}  // namespace

TEST_CASE("M6: a workload is named by its own selector, a bare pod by labels that last") {
  Case test("", kClosed, network(kDialects.at(GENERATE(0u, 1u, 2u))));
  test.add("payments", "api-1").port = {Protocol::Tcp, 8443};
  const Suggestion suggestion = test.run();
  CHECK(suggestion.flows.front().status == Status::Kept);
  const Tree& spec = spec_of(suggestion);
  CHECK(*spec.find("podSelector") ==
        Tree::mapping({{"matchLabels", Tree::mapping({{"app", Tree::string("orders")}})}}));
  const Tree& peer = first_peer(suggestion);
  CHECK(peer.string_at({"namespaceSelector", "matchLabels", "kubernetes.io/metadata.name"}) ==
        "payments");
  CHECK(*peer.find("podSelector") ==
        Tree::mapping({{"matchLabels", Tree::mapping({{"app", Tree::string("api")}})}}));
  CHECK(spec.find("ingress")->items.front().find("ports")->items.front().integer_at({"port"}) ==
        8443);
  CHECK(suggestion.flows.front().also == std::vector<std::string>{"payments/api-2"});
  CHECK(suggestion.policies.front().name == "allow-payments-api-1-to-orders");
  CHECK(suggestion.policies.front().manifest.find_path({"metadata", "labels"}) == nullptr);
  REQUIRE(suggestion.verdicts.size() == 2);
  check_proved(suggestion);
}

TEST_CASE("M6: without a port all that the change closes is kept, as all ports") {
  Case test("", kClosed, network(kDialects.at(GENERATE(0u, 1u, 2u))));
  test.add("payments", "api-1");
  const Suggestion suggestion = test.run();
  CHECK(spec_of(suggestion).find("ingress")->items.front().find("ports") == nullptr);
  check_proved(suggestion);
}

TEST_CASE("M6: a Service names its endpoints by its selector, on the number of its target port") {
  Case test("", kClosed);
  KeptFlow& flow = test.add("payments", "api-1");
  const Cluster& cluster = test.after.cluster;
  flow.to = "svc:shop/orders";
  flow.destinations = {cluster.find_service(cluster.find_namespace("shop"), "orders")};
  flow.port = {Protocol::Tcp, 443};
  const Suggestion suggestion = test.run();
  CHECK(spec_of(suggestion).string_at({"podSelector", "matchLabels", "version"}) == "v1");
  const Tree& rule = spec_of(suggestion).find("ingress")->items.front();
  CHECK(rule.find("ports")->items.front().integer_at({"port"}) == 8443);
  CHECK(suggestion.flows.front().status == Status::Kept);
}

TEST_CASE("M6: a router is named by the label of the platform") {
  Case test("", kClosed);
  test.add("routers", "router");
  CHECK(first_peer(test.run())
            .string_at({"namespaceSelector", "matchLabels", "network.openshift.io/policy-group"}) ==
        "ingress");
}

TEST_CASE(
    "M6: a hostNetwork pod is named by what its node sends from, which each network differs in") {
  struct Row {
    Dialect dialect;
    const char* cidr;
  };
  const Row row = GENERATE(Row{Dialect::Kubernetes, "192.168.0.2/32"},
                           Row{Dialect::OpenShiftSdn, "10.128.2.1/32"},
                           Row{Dialect::OvnKubernetes, "10.128.2.2/32"});
  // The destination is on another node, or its own host reaches it anyhow.
  const std::string on_node_a = R"(---
apiVersion: v1
kind: Pod
metadata: {name: till, namespace: shop, labels: {app: till}}
spec: {containers: [{name: main}], nodeName: node-a}
status: {phase: Running, podIP: 10.128.0.9}
)";
  Case test(on_node_a, on_node_a + kClosed, network(row.dialect));
  KeptFlow& flow = test.add("payments", "agent");
  flow.destinations = {pod_of(test.after.cluster, "shop", "till")};
  const Suggestion suggestion = test.run();
  CHECK(suggestion.flows.front().status == Status::Kept);
  CHECK(first_peer(suggestion).string_at({"ipBlock", "cidr"}) == row.cidr);
  check_proved(suggestion);
}

TEST_CASE("M6: outside is a block without the networks of the cluster") {
  Case test("", kClosed);
  KeptFlow& flow = test.add("payments", "api-1");
  flow.sources = {*IpAddress::parse("203.0.113.9")};
  flow.source_blocks = {
      {*Cidr::parse("0.0.0.0/0"), {*Cidr::parse("10.128.0.0/14"), *Cidr::parse("172.30.0.0/16")}}};
  flow.blocks_hold_pods = false;
  const Suggestion suggestion = test.run();
  CHECK(first_peer(suggestion).find("ipBlock")->find("except")->items.size() == 2);
  check_proved(suggestion);
}

TEST_CASE("M6: a whole project is named without labels of its pods, and never by its id alone") {
  Case test("", kClosed);
  KeptFlow& flow = test.add("payments", "bare");
  flow.source_projects = {test.after.cluster.find_namespace("payments")};
  const Tree peer = first_peer(test.run());
  REQUIRE(peer.find("podSelector") != nullptr);
  CHECK(peer.find("podSelector")->fields.empty());
}

TEST_CASE("M6: a pod without labels cannot be named") {
  Case test("", kClosed);
  test.add("payments", "bare");
  const Suggestion suggestion = test.run();
  CHECK(suggestion.flows.front().status == Status::Impossible);
  CHECK(suggestion.policies.empty());
  CHECK(suggestion.verdicts.empty());
}

TEST_CASE("M6: flows to the same pods share a policy") {
  Case test("", kClosed);
  test.add("payments", "api-1").port = {Protocol::Tcp, 8443};
  test.add("routers", "router").port = {Protocol::Tcp, 8443};
  const Suggestion suggestion = test.run();
  CHECK(suggestion.policies.front().flows == std::vector<std::size_t>{0, 1});
  CHECK(spec_of(suggestion).find("ingress")->items.front().find("from")->items.size() == 2);
  CHECK(suggestion.policies.front().name == "allow-payments-api-1-to-orders-and-1-more");
}

TEST_CASE("M6: the name is one that no policy of the project has") {
  Case test("", kClosed + policy("shop", "allow-payments-api-1-to-orders",
                                 "podSelector: {}, ingress: []"));
  test.add("payments", "api-1");
  CHECK(test.run().policies.front().name == "allow-payments-api-1-to-orders-2");
}

TEST_CASE("M6: a flow that is not cut off needs nothing, one that was closed is told") {
  Case open("", "");
  open.add("payments", "api-1");
  CHECK(open.run().flows.front().status == Status::NotNeeded);
  Case closed(kClosed, kClosed);
  closed.add("payments", "api-1");
  const Suggestion suggestion = closed.run();
  CHECK(suggestion.flows.front().status == Status::NeverOpen);
  CHECK(suggestion.flows.front().reason.find("istio-mesh-basic") != std::string::npos);
  CHECK(suggestion.policies.empty());
}

TEST_CASE("M6: where the source's own policies cut it off, an egress policy is suggested") {
  Case test("", policy("payments", "locked", "podSelector: {}, policyTypes: [Egress], egress: []"));
  test.add("payments", "api-1").port = {Protocol::Tcp, 8443};
  const Suggestion suggestion = test.run();
  CHECK(suggestion.flows.front().status == Status::Kept);
  CHECK(suggestion.policies.front().ns == "payments");
  CHECK(suggestion.policies.front().direction == Direction::Egress);
  CHECK(first_peer(suggestion, "egress", "to")
            .string_at({"namespaceSelector", "matchLabels", "kubernetes.io/metadata.name"}) ==
        "shop");
  REQUIRE(suggestion.verdicts.size() == 1);
  CHECK(suggestion.verdicts.front().holds());
}

TEST_CASE("M6: cut off at both ends, it needs a policy at both") {
  Case test("", kClosed + policy("payments", "locked",
                                 "podSelector: {}, policyTypes: [Egress], egress: []"));
  test.add("payments", "api-1").port = {Protocol::Tcp, 8443};
  const Suggestion suggestion = test.run();
  CHECK(suggestion.flows.front().status == Status::Kept);
  CHECK(suggestion.policies.size() == 2);
}

TEST_CASE("M6: in mode multitenant no policy helps, and the command that would is named") {
  const std::string apart = R"(---
apiVersion: network.openshift.io/v1
kind: NetNamespace
metadata: {name: payments}
netname: payments
netid: 20
---
apiVersion: network.openshift.io/v1
kind: NetNamespace
metadata: {name: shop}
netname: shop
netid: )";
  Case test(apart + "20\n", apart + "21\n", network(Dialect::OpenShiftSdn, SdnMode::Multitenant));
  test.add("payments", "api-1");
  const Suggestion suggestion = test.run();
  CHECK(suggestion.flows.front().status == Status::Impossible);
  CHECK(suggestion.flows.front().reason.find(
            "oc adm pod-network join-projects --to shop payments") != std::string::npos);
  CHECK(suggestion.policies.empty());
}

TEST_CASE("M6: what is not known of the states is undecided") {
  const std::string more = R"(---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: all}
spec: {priority: 1, subject: {namespaces: {}}}
)";
  Case test(more, more + kClosed, network(Dialect::OvnKubernetes));
  test.add("payments", "api-1");
  CHECK(test.run().flows.front().status == Status::Undecided);
}

}  // namespace meshproof
