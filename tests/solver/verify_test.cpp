#include "solver/verify.h"

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
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.6}
---
apiVersion: v1
kind: Pod
metadata: {name: web-2, namespace: shop, labels: {app: web}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.7}
---
apiVersion: v1
kind: Pod
metadata: {name: front, namespace: shop, labels: {app: front}}
spec: {containers: [{name: main, ports: [{name: http, containerPort: 8443}]}]}
status: {phase: Running, podIP: 10.128.0.8}
---
apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: tools, labels: {app: probe}}
spec: {containers: [{name: main}]}
status: {phase: Running, podIP: 10.128.0.9}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: istio-mesh-basic, namespace: shop}
spec:
  podSelector: {}
  ingress: [{from: [{namespaceSelector: {matchLabels: {maistra.io/member-of: mesh-a}}}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: front, namespace: shop}
spec:
  podSelector: {matchLabels: {app: front}}
  ingress: [{from: [{namespaceSelector: {}}], ports: [{port: http}]}]
)";

Group in(const std::string& ns) {
  Group group;
  group.name = ns;
  group.namespace_names = {ns};
  return group;
}

Group pods(const std::string& ns, const std::string& app) {
  Group group = in(ns);
  group.name = app;
  group.pod_selector = SelectorText{{{"app", "In", {app}}}};
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

Assertion isolate(std::vector<Group> between) {
  Assertion result;
  result.id = "A-1";
  result.kind = AssertionKind::Isolate;
  result.between = std::move(between);
  return result;
}

Verdict judge(Assertion one, std::string_view more = "") {
  const std::string yaml = std::string(kCluster) + "\n---\n" + std::string(more);
  return verify(snapshot_from(more.empty() ? std::string(kCluster) : yaml), {{std::move(one)}, {}})
      .front();
}

PortSet tcp(std::uint16_t port) { return PortSet::of(Protocol::Tcp, {port, port}); }

}  // namespace

TEST_CASE("deny holds over every pair, and says how many there were") {
  const Verdict verdict = judge(assertion(AssertionKind::Deny, in("tools"), pods("shop", "web")));
  CHECK(verdict.statement == "tools must not reach web");
  REQUIRE(verdict.holds());
  CHECK(std::get<Holds>(verdict.finding).universe == Universe::Enumerated);
  CHECK(std::get<Holds>(verdict.finding).scope == "1 pod × 2 pods");
}

TEST_CASE("deny is violated by one open port, which is the witness") {
  const Verdict verdict = judge(assertion(AssertionKind::Deny, in("tools"), in("shop")));
  const auto& violated = std::get<Violated>(verdict.finding);
  CHECK(violated.src == "tools/probe");
  CHECK(violated.dst == "shop/front");
  CHECK(violated.protocol == Protocol::Tcp);
  CHECK(violated.port == 8443);
  CHECK(violated.count == 1);
  REQUIRE_FALSE(violated.reasons.empty());
}

TEST_CASE("only the ports of the assertion are asked") {
  Assertion one = assertion(AssertionKind::Deny, in("tools"), in("shop"));
  one.ports = tcp(8080);
  const Verdict verdict = judge(one);
  CHECK(verdict.statement == "tools must not reach shop on TCP 8080");
  CHECK(verdict.holds());
}

TEST_CASE("exceptions take flows out of a deny") {
  Assertion one = assertion(AssertionKind::Deny, in("tools"), in("shop"));
  one.except_to = pods("shop", "front");
  CHECK(judge(one).statement == "tools must not reach shop, except to front");
  CHECK(judge(one).holds());
  one.except_from = pods("shop", "web");
  CHECK_FALSE(judge(one).holds());
}

TEST_CASE("allow is violated by one closed flow, with the policy that closes it") {
  Assertion one = assertion(AssertionKind::Allow, in("tools"), in("shop"));
  one.ports = tcp(8443);
  const Verdict verdict = judge(one);
  CHECK(verdict.statement == "tools must reach shop on TCP 8443");
  const auto& violated = std::get<Violated>(verdict.finding);
  CHECK(violated.dst == "shop/web-1");
  CHECK(violated.count == 2);
  REQUIRE_FALSE(violated.reasons.empty());
  CHECK(violated.reasons.front().policy == "NetworkPolicy shop/istio-mesh-basic");
  one.to = pods("shop", "front");
  CHECK(judge(one).holds());
}

TEST_CASE("isolate looks both ways between each two groups") {
  const Verdict verdict = judge(isolate({pods("shop", "web"), in("tools")}));
  const auto& violated = std::get<Violated>(verdict.finding);
  CHECK(verdict.statement == "web, tools must not reach each other");
  CHECK(violated.src == "shop/web-1");
  CHECK(violated.dst == "tools/probe");
  CHECK(violated.count == 2);
  CHECK(std::holds_alternative<Vacuous>(judge(isolate({in("tools")})).finding));
}

TEST_CASE("a pod and itself is no pair, two pods of one class are") {
  CHECK(judge(assertion(AssertionKind::Deny, in("tools"), in("tools"))).holds());
  const Verdict verdict =
      judge(assertion(AssertionKind::Deny, pods("shop", "web"), pods("shop", "web")));
  CHECK(std::get<Violated>(verdict.finding).count == 2);
}

TEST_CASE("a group that selects nothing is a finding, unless it may be empty") {
  Assertion one = assertion(AssertionKind::Deny, in("nowhere"), in("shop"));
  CHECK(std::get<Vacuous>(judge(one).finding).reason == "group nowhere selects nothing");
  one.from.allow_empty = true;
  CHECK(judge(one).holds());
}

TEST_CASE("a flow that an unmodelled kind may touch leaves the assertion undecided") {
  const Verdict verdict =
      judge(assertion(AssertionKind::Deny, in("tools"), pods("shop", "web")), R"(
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: c, namespace: shop}
spec: {}
)");
  CHECK(std::holds_alternative<Undecided>(verdict.finding));
}

TEST_CASE("an unbounded group is never taken for its present pods") {
  Assertion one = assertion(AssertionKind::Deny, in("tools"), pods("shop", "web"));
  CHECK(judge(one).deciders == std::vector{Decider::Evaluation});
  one.from.unbounded = true;
  const Verdict verdict = judge(one);
  REQUIRE(verdict.holds());
  CHECK(std::get<Holds>(verdict.finding).universe == Universe::Unbounded);
  CHECK(verdict.deciders == std::vector{Decider::Evaluation, Decider::Z3, Decider::Quotient});
}

TEST_CASE("nothing holds over an input that is not complete, and a witness stays one") {
  Snapshot snapshot = snapshot_from(kCluster);
  snapshot.coverage.add({"Pod", ""}, {.collected = Collected::CutOff});
  const auto verdicts =
      verify(snapshot, {{assertion(AssertionKind::Deny, in("tools"), pods("shop", "web")),
                         assertion(AssertionKind::Deny, in("tools"), in("shop")),
                         assertion(AssertionKind::Deny, in("nowhere"), in("shop"))},
                        {}});
  REQUIRE(verdicts.size() == 3);
  CHECK(std::get<Undecided>(verdicts[0].finding).reason ==
        "the input lacks what this rests on: Pod in shop, tools: the list was cut off");
  CHECK(std::holds_alternative<Violated>(verdicts[1].finding));
  CHECK(std::holds_alternative<Undecided>(verdicts[2].finding));
}

TEST_CASE("an unknown built-in statement is undecided and lists those there are") {
  const auto verdicts = verify(snapshot_from(kCluster), {{}, {"builtin:tenacy"}});
  REQUIRE(verdicts.size() == 1);
  CHECK(std::get<Undecided>(verdicts[0].finding).reason ==
        "there is no built-in statement builtin:tenacy; there are builtin:tenancy, "
        "builtin:control-plane, builtin:continuity, builtin:moments");
}

TEST_CASE("addresses outside stand for the ranges that the rules divide") {
  Group internet;
  internet.name = "internet";
  internet.cidrs = {*Cidr::parse("0.0.0.0/0")};
  internet.except_cluster = true;
  const Verdict closed = judge(assertion(AssertionKind::Deny, internet, pods("shop", "web")));
  REQUIRE(closed.holds());
  const Verdict open = judge(assertion(AssertionKind::Deny, internet, pods("shop", "web")), R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: partner, namespace: shop}
spec:
  podSelector: {}
  ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24}}]}]
)");
  const auto& violated = std::get<Violated>(open.finding);
  CHECK(violated.src == "198.51.100.9");
  CHECK(violated.count == 2);
}

}  // namespace meshproof
