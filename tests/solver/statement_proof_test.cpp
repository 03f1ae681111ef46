#include "solver/checks/statement_proof.h"

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
metadata: {name: tools}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main, ports: [{name: http, containerPort: 8443}]}]}
status: {phase: Running, podIP: 10.128.0.6}
---
apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: tools, labels: {app: probe}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.9}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: members, namespace: shop}
spec:
  podSelector: {}
  ingress: [{from: [{namespaceSelector: {matchLabels: {maistra.io/member-of: mesh-a}}}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: legacy, namespace: shop}
spec:
  podSelector: {matchLabels: {legacy: "yes"}}
  ingress: [{from: [{namespaceSelector: {matchLabels: {team: red}}}], ports: [{port: http}]}]
)";

Group in(const std::string& ns) {
  Group group;
  group.name = ns;
  group.namespace_names = {ns};
  return group;
}

Group unbounded(Group group) {
  group.unbounded = true;
  return group;
}

Group outsiders() {
  Group group;
  group.name = "outsiders";
  group.not_member_of = "mesh-a";
  return unbounded(group);
}

Group labelled(Group group, const std::string& key, const std::string& value) {
  group.pod_selector = SelectorText{{{key, "In", {value}}}};
  return group;
}

Assertion assertion(AssertionKind kind, Group from, Group to) {
  Assertion result;
  result.id = "A-1";
  result.kind = kind;
  result.from = std::move(from);
  result.to = std::move(to);
  return result;
}

Finding decide(const Assertion& one, std::string_view more = "") {
  const std::string yaml = std::string(kCluster) + "\n---\n" + std::string(more);
  const Snapshot snapshot = snapshot_from(more.empty() ? std::string(kCluster) : yaml);
  return StatementProof(snapshot).decide(one);
}

}  // namespace

TEST_CASE("what holds of the pods of the input may not hold of those to come") {
  Assertion one = assertion(AssertionKind::Deny, outsiders(), in("shop"));
  REQUIRE(std::holds_alternative<Holds>(decide(one)));  // web-1 is not legacy
  one.to = unbounded(in("shop"));
  const Finding finding = decide(one);
  REQUIRE(std::holds_alternative<Violated>(finding));
  const auto& violated = std::get<Violated>(finding);
  CHECK(violated.src == "outsider/intruder");
  CHECK(violated.dst == "shop/target");
  REQUIRE(violated.manifests.size() == 3);  // a project of team red, a pod in it, a legacy pod
  CHECK(violated.manifests[0].string_at({"metadata", "labels", "team"}) == "red");
  CHECK(violated.manifests[2].string_at({"metadata", "labels", "legacy"}) == "yes");
}

TEST_CASE("an exception takes pods to come out of a statement") {
  Assertion one = assertion(AssertionKind::Deny, outsiders(), unbounded(in("shop")));
  one.except_to = labelled(unbounded(in("shop")), "legacy", "yes");
  const Finding finding = decide(one);
  REQUIRE(std::holds_alternative<Holds>(finding));
  CHECK(std::get<Holds>(finding).universe == Universe::Unbounded);
}

TEST_CASE("an exception leaves out only pods that are certain to be in it") {
  constexpr std::string_view kOpen = R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: open, namespace: shop}
spec: {podSelector: {}, ingress: [{}]}
)";
  Assertion one = assertion(AssertionKind::Deny, in("tools"), unbounded(in("shop")));
  one.except_from = Group{};
  one.except_from->name = "block";
  one.except_from->cidrs = {*Cidr::parse("10.128.0.0/24")};
  CHECK(std::holds_alternative<Holds>(decide(one, kOpen)));
  // A pod without an address may lie in the block or not.
  CHECK_FALSE(std::holds_alternative<Holds>(decide(one, std::string(kOpen) + R"(
---
apiVersion: v1
kind: Pod
metadata: {name: waiting, namespace: tools}
spec: {containers: [{name: main}]}
status: {phase: Pending}
)")));
}

TEST_CASE("exceptions in force are left out beside those of the statement") {
  Assertion one = assertion(AssertionKind::Deny, outsiders(), unbounded(in("shop")));
  CHECK_FALSE(std::holds_alternative<Holds>(decide(one)));
  one.except_from = in("nowhere");
  one.excused.push_back({std::nullopt, labelled(unbounded(in("shop")), "legacy", "yes")});
  CHECK(std::holds_alternative<Holds>(decide(one)));
}

TEST_CASE("an exception for pods of the input leaves out none that could be") {
  Assertion one = assertion(AssertionKind::Deny, outsiders(), unbounded(in("shop")));
  one.except_to = labelled(in("shop"), "legacy", "yes");
  constexpr std::string_view kLegacy = R"(
apiVersion: v1
kind: Pod
metadata: {name: old, namespace: shop, labels: {legacy: "yes"}}
spec: {containers: [{name: main, ports: [{name: http, containerPort: 80}]}]}
status: {phase: Running, podIP: 10.128.0.21}
)";
  // Another one with the same labels may be started.
  const Finding finding = decide(one, kLegacy);
  REQUIRE(std::holds_alternative<Violated>(finding));
  CHECK(std::get<Violated>(finding).dst == "shop/target");
  one.except_to->unbounded = true;
  CHECK(std::holds_alternative<Holds>(decide(one, kLegacy)));
}

TEST_CASE("pods of the input in a project with egress policies are sources of a statement") {
  constexpr std::string_view kRed = R"(
apiVersion: v1
kind: Namespace
metadata: {name: red, labels: {team: red}}
---
apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: red}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.22}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: red}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{}]}
)";
  Group red;
  red.name = "red";
  red.namespace_selector = SelectorText{{{"team", "In", {"red"}}}};
  const Finding finding = decide(assertion(AssertionKind::Deny, red, unbounded(in("shop"))), kRed);
  REQUIRE(std::holds_alternative<Violated>(finding));
  CHECK(std::get<Violated>(finding).src == "red/probe");
}

TEST_CASE("a cluster of IPv6 alone is proved about") {
  constexpr std::string_view kNetwork = R"(
apiVersion: config.openshift.io/v1
kind: Network
metadata: {name: cluster}
spec: {networkType: OVNKubernetes, clusterNetwork: [{cidr: "fd01::/48", hostPrefix: 64}]}
)";
  Assertion one = assertion(AssertionKind::Deny, outsiders(), unbounded(in("shop")));
  one.from.namespace_selector = SelectorText{{{"team", "In", {"red"}}}};
  const std::string v4 = std::string(kCluster);
  std::string yaml = v4;
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"10.128.0.6", "\"fd01::6\""},
                                 {"10.128.0.9", "\"fd01::9\""}}) {
    yaml.replace(yaml.find(from), from.size(), to);
  }
  const Snapshot snapshot = snapshot_from(yaml + "\n---\n" + std::string(kNetwork));
  StatementProof proof(snapshot);
  CHECK(std::holds_alternative<Violated>(proof.decide(one)));
  CHECK(proof.deciders() ==
        std::vector<Decider>{Decider::Evaluation, Decider::Z3, Decider::Quotient});
}

TEST_CASE("the ports of a statement are the only ones asked about") {
  Assertion one = assertion(AssertionKind::Deny, outsiders(), unbounded(in("shop")));
  one.ports = PortSet::of(Protocol::Udp, {53, 53});
  CHECK(std::holds_alternative<Holds>(decide(one)));
}

TEST_CASE("a project to come is a destination unless the group asks for members or known names") {
  Group newcomers;
  newcomers.name = "newcomers";
  newcomers.namespace_selector = SelectorText{{{"team", "In", {"blue"}}}};
  const Finding finding = decide(assertion(AssertionKind::Deny, outsiders(), unbounded(newcomers)));
  REQUIRE(std::holds_alternative<Violated>(finding));
  CHECK(std::get<Violated>(finding).dst == "newcomer/target");
  Group members;
  members.name = "members";
  members.member_of = "mesh-a";
  Assertion one = assertion(AssertionKind::Deny, outsiders(), unbounded(members));
  one.except_to = labelled(unbounded(members), "legacy", "yes");
  CHECK(std::holds_alternative<Holds>(decide(one)));
}

TEST_CASE("an allow speaks of every pod that may be") {
  Assertion one = assertion(AssertionKind::Allow, unbounded(in("mesh-a")), unbounded(in("shop")));
  CHECK(std::holds_alternative<Holds>(decide(one)));
  // A policy on what leaves mesh-a closes it for some pod to come.
  const Finding finding = decide(one, R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: quiet, namespace: mesh-a}
spec: {podSelector: {matchLabels: {quiet: "yes"}}, policyTypes: [Egress]}
)");
  REQUIRE(std::holds_alternative<Violated>(finding));
  CHECK_FALSE(std::get<Violated>(finding).is_open);
  CHECK(std::get<Violated>(finding).src == "mesh-a/intruder");
}

TEST_CASE("addresses outside are sources of an unbounded statement") {
  Group internet;
  internet.name = "internet";
  internet.cidrs = {*Cidr::parse("0.0.0.0/0")};
  internet.except_cluster = true;
  Assertion one = assertion(AssertionKind::Deny, internet, unbounded(in("shop")));
  CHECK(std::holds_alternative<Holds>(decide(one)));
  const Finding finding = decide(one, R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: partner, namespace: shop}
spec:
  podSelector: {matchLabels: {edge: "yes"}}
  ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]
)");
  REQUIRE(std::holds_alternative<Violated>(finding));
  CHECK(std::get<Violated>(finding).src.starts_with("203.0.113."));
}

TEST_CASE("isolation of unbounded groups is asked both ways") {
  Assertion one;
  one.kind = AssertionKind::Isolate;
  one.between = {unbounded(in("shop")), unbounded(in("tools"))};
  const Finding finding = decide(one);
  REQUIRE(std::holds_alternative<Violated>(finding));
  CHECK(std::get<Violated>(finding).dst == "tools/probe");
}

TEST_CASE("an unbounded group in which nothing can be is vacuous") {
  Group nobody = in("shop");
  nobody.name = "nobody";
  nobody.member_of = "mesh-b";
  CHECK(std::holds_alternative<Vacuous>(
      decide(assertion(AssertionKind::Deny, outsiders(), unbounded(nobody)))));
}

TEST_CASE("what cannot be put soundly is undecided") {
  Assertion one = assertion(AssertionKind::Deny, outsiders(), unbounded(in("shop")));
  one.except_to = labelled(unbounded(in("shop")), "legacy", "yes");
  CHECK(std::holds_alternative<Undecided>(decide(one, R"(
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: a}
spec: {}
)")));
  one.hops = 2;
  CHECK(std::holds_alternative<Undecided>(decide(one)));
}

}  // namespace meshproof
