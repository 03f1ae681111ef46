#include <catch2/catch.hpp>

#include "tests/solver/assertion_case.h"
#include "tests/solver/evaluate_case.h"
#include "tests/support/yaml.h"

/// Exposure to the outside: docs/SEMANTICS.md, Q10.
namespace meshproof {
namespace {

const std::string kNodes =
    "\n---\n{apiVersion: v1, kind: Node, metadata: {name: node-a}, status: {addresses: [{type: "
    "InternalIP, address: 192.168.0.1}]}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: "
    "node-b}, status: {addresses: [{type: InternalIP, address: 192.168.0.2}]}}";

/// pay/api is closed to everybody but what `more` admits.
std::string pay(const std::string& more = {}) {
  return project_yaml("pay") + project_yaml("openshift-ingress") + kNodes +
         pod_yaml("pay", "api", "10.128.0.5") + policy("pay", "closed", "podSelector: {}") + more;
}

std::string service(const std::string& spec) {
  return "\n---\n{apiVersion: v1, kind: Service, metadata: {namespace: pay, name: api}, spec: {" +
         spec +
         ", clusterIP: 172.30.0.9, selector: {app: api}, ports: [{port: 80, targetPort: "
         "8080}]}}";
}

const std::string kRoute =
    "\n---\n{apiVersion: route.openshift.io/v1, kind: Route, metadata: {namespace: pay, name: r}, "
    "spec: {host: pay.example.com, to: {kind: Service, name: api}}}";

const std::string kAdmitIngress =
    policy("pay", "from-ingress",
           "podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: "
           "{kubernetes.io/metadata.name: openshift-ingress}}}]}]");

Finding judge(const std::string& yaml, Dialect dialect = kKubernetes,
              PortSet ports = PortSet::all(), const std::optional<Group>& except_to = {}) {
  Assertion asked = assertion_of(AssertionKind::Deny, group_outside(), group_in("pay"));
  asked.ports = std::move(ports);
  asked.except_to = except_to;
  return verdict_on(snapshot_from(yaml, in_dialect(dialect)), asked).finding;
}

}  // namespace

TEST_CASE("a deny of the outside says which ways in it spoke of") {
  const Finding finding = judge(pay(service("type: ClusterIP")));
  REQUIRE(outcome_of(finding) == "holds");
  CHECK(std::get<Holds>(finding).scope.find(
            "by Services that open ports of the nodes (0), Routes and Ingresses (0), too") !=
        std::string::npos);
}

TEST_CASE("a NodePort whose pods may see the node's own packets leaves it undecided") {
  for (const char* spec :
       {"type: NodePort", "type: LoadBalancer", "type: ClusterIP, externalIPs: [203.0.113.80]"}) {
    const Finding finding = judge(pay(service(spec)));
    REQUIRE(outcome_of(finding) == "undecided");
    CHECK(std::get<Undecided>(finding).reason ==
          "Service pay/api takes what comes from outside in at the nodes, and at the node of "
          "pay/api that may pass for traffic of the node, which is always admitted");
  }
  CHECK(outcome_of(judge(pay(service("type: NodePort, externalTrafficPolicy: Local")))) == "holds");
}

TEST_CASE("a NodePort is open where other nodes are let in") {
  const std::string admit = policy(
      "pay", "nodes", "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.0.2/32}}]}]");
  const Finding finding = judge(pay(service("type: NodePort") + admit));
  REQUIRE(outcome_of(finding) == "violated");
  const auto& violated = std::get<Violated>(finding);
  CHECK(violated.src == "Node/node-b");
  CHECK(violated.dst == "pay/api");
  CHECK(violated.port == 8080);
  CHECK(violated.all == "Service pay/api takes what comes from outside in at the nodes");
  // Not the port that the Service leads to.
  CHECK(outcome_of(judge(pay(service("type: NodePort") + admit), kKubernetes,
                         PortSet::of(Protocol::Tcp, {9000, 9000}))) == "holds");
  CHECK(outcome_of(judge(pay(service("type: NodePort") + admit), kKubernetes, PortSet::all(),
                         group_in("pay", "api"))) == "holds");
}

TEST_CASE("with OVN-Kubernetes a NodePort's packets come from the join address (OVN-16)") {
  CHECK(outcome_of(judge(pay(service("type: NodePort")), kOvn)) == "holds");
  const std::string admit = policy(
      "pay", "join", "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 100.64.0.0/16}}]}]");
  const Finding finding = judge(pay(service("type: NodePort") + admit), kOvn);
  REQUIRE(outcome_of(finding) == "violated");
  CHECK(std::get<Violated>(finding).src == "100.64.0.2");
}

TEST_CASE("a Route lets the outside in where its routers are let in") {
  const std::string router = pod_yaml("openshift-ingress", "router", "10.128.0.8");
  const std::string with_route = pay(service("type: ClusterIP") + kRoute);
  const Finding without_router = judge(with_route);
  REQUIRE(outcome_of(without_router) == "undecided");
  CHECK(std::get<Undecided>(without_router).reason ==
        "Route pay/r passes on what comes from outside, and the input has no router that could be "
        "asked about");
  CHECK(outcome_of(judge(with_route + router)) == "holds");
  const Finding open = judge(with_route + router + kAdmitIngress);
  REQUIRE(outcome_of(open) == "violated");
  const auto& violated = std::get<Violated>(open);
  CHECK(violated.src == "openshift-ingress/router");
  CHECK(violated.dst == "pay/api");
  CHECK(violated.reasons.back().place.is_known());
  CHECK(outcome_of(judge(with_route + router + kAdmitIngress, kKubernetes, PortSet::all(),
                         group_in("pay", "api"))) == "holds");
}

TEST_CASE("what does not come from outside is not asked of Routes and nodes") {
  const std::string with_route = pay(service("type: NodePort") + kRoute);
  Assertion asked =
      assertion_of(AssertionKind::Deny, group_in("openshift-ingress"), group_in("pay"));
  asked.from.allow_empty = true;
  CHECK(outcome_of(verdict_on(snapshot_from(with_route, in_dialect(kKubernetes)), asked).finding) ==
        "holds");
}

}  // namespace meshproof
