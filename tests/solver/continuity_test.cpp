#include "solver/checks/continuity.h"

#include <catch2/catch.hpp>

#include "solver/reachability.h"
#include "solver/uses/judge.h"
#include "solver/uses/uses.h"
#include "solver/verify.h"
#include "tests/solver/uses_case.h"
#include "tests/support/yaml.h"

namespace meshproof {

namespace {

using Words = std::vector<std::string>;

constexpr std::string_view kRoute = R"(
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: web, namespace: shop}
spec: {to: {kind: Service, name: web}, port: {targetPort: http}}
)";

constexpr std::string_view kWebhook = R"(
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: admit}
webhooks: [{name: a.b.c, clientConfig: {service: {namespace: shop, name: admit}}}]
)";

/// A policy of shop for all of its pods.
std::string policy(std::string_view ingress) {
  return "\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: all, "
         "namespace: shop}\nspec: {podSelector: {}, policyTypes: [Ingress], ingress: [" +
         std::string(ingress) + "]}\n";
}

const std::string kClosed = policy("{from: [{podSelector: {}}]}");

/// Two states and what becomes of the uses of the first.
struct Change {
  Snapshot before;
  Snapshot after;

  [[nodiscard]] JudgedUses judged() const {
    return judge_uses(before, after, find_uses(before), compare(before, after));
  }
  [[nodiscard]] Verdict verdict() const {
    const JudgedUses uses = judged();
    VerifyOptions options;
    options.uses = &uses;
    return verify(after, {{}, {"builtin:continuity"}}, options).front();
  }
};

Change change(std::string_view uses, const std::string& before, const std::string& after) {
  return {uses_snapshot(std::string(uses) + before), uses_snapshot(std::string(uses) + after)};
}

std::string scope_of(const Verdict& verdict) {
  const auto* holds = std::get_if<Holds>(&verdict.finding);
  return holds == nullptr ? "" : holds->scope;
}

}  // namespace

TEST_CASE("M6: continuity is violated by a use that is closed, with a witness") {
  const Change one = change(kRoute, "", kClosed);
  const Verdict verdict = one.verdict();
  CHECK(verdict.statement == "what is in use stays reachable");
  const auto* violated = std::get_if<Violated>(&verdict.finding);
  REQUIRE(violated != nullptr);
  CHECK(violated->src == "openshift-ingress/router");
  CHECK(violated->dst == "shop/web");
  CHECK(violated->port == 8080);
  CHECK(violated->count == 1);
  CHECK_FALSE(violated->is_open);
  CHECK(violated->reasons.front().policy.empty() == false);
  CHECK(violated->all == "1 of 1 use: Route shop/web");
  const JudgedUses judged = one.judged();
  REQUIRE(judged.changes.lost.size() == 1);
  const UsedConnection& lost = judged.changes.lost.front().connections.front();
  CHECK(to_string(lost.src) == "openshift-ingress/Pod/router");
  CHECK(to_string(lost.dst) == "shop/Pod/web");
  CHECK(lost.ports == PortSet::of(Protocol::Tcp, {8080, 8080}));
}

TEST_CASE("M6: continuity holds for what stays open, and says for how many uses") {
  const std::string open = policy("{from: [{namespaceSelector: {}}]}");
  CHECK(scope_of(change(kRoute, "", open).verdict()) ==
        "1 use known; what shows no sign of use is not judged");
  CHECK(scope_of(change(kRoute, "", "").verdict()) ==
        "1 use known; what shows no sign of use is not judged");
}

TEST_CASE("M6: without a sign of use continuity holds of nothing, and says so") {
  CHECK(scope_of(change("", "apiVersion: v1\nkind: Namespace\nmetadata: {name: other}",
                        "apiVersion: v1\nkind: Namespace\nmetadata: {name: other}" + kClosed)
                     .verdict()) ==
        "no sign of use was found, which does not prove that there is none");
}

TEST_CASE("M6: what was closed before is named and violates nothing; what opens is a gain") {
  const std::string other = policy("{from: [{podSelector: {matchLabels: {app: none}}}]}");
  const Change closed = change(kRoute, kClosed, other);
  CHECK(closed.judged().unreachable == Words{"Route shop/web"});
  CHECK(closed.verdict().holds());
  const Change gained = change(kRoute, kClosed, "");
  const JudgedUses judged = gained.judged();
  CHECK(judged.changes.lost.empty());
  REQUIRE(judged.changes.gained.size() == 1);
  CHECK(judged.changes.gained.front().signs.front().words == "Route shop/web");
}

TEST_CASE("M6: a use that is closed in both states is told where its target changes") {
  const std::string admits_pay =
      policy("{from: [{namespaceSelector: {matchLabels: {team: pay}}}]}");
  const Change one = change(kRoute, kClosed, admits_pay);
  CHECK(one.judged().unreachable == Words{"Route shop/web"});
  CHECK(scope_of(one.verdict()) ==
        "1 use known; what shows no sign of use is not judged; not reachable before either: "
        "Route shop/web");
}

TEST_CASE("M6: continuity is undecided where a use's flow is not known") {
  const std::string unmodelled =
      "\n---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: odd, "
      "namespace: "
      "shop}\nspec: {}\n";
  const Verdict verdict = change(kRoute, "", unmodelled).verdict();
  const auto* undecided = std::get_if<Undecided>(&verdict.finding);
  REQUIRE(undecided != nullptr);
  CHECK(undecided->reason.find(
            "1 use of 1: Route shop/web: openshift-ingress/router to shop/web") == 0);
}

TEST_CASE("M6: kube-apiserver reaches a webhook on its own node, whatever policies say") {
  CHECK(change(kWebhook, "", kClosed).verdict().holds());
  const std::string elsewhere = R"(
---
apiVersion: v1
kind: Node
metadata: {name: master-b, labels: {node-role.kubernetes.io/control-plane: ""}}
status: {addresses: [{type: InternalIP, address: 192.168.0.3}]}
)";
  const Verdict verdict = change(std::string(kWebhook) + elsewhere, "", kClosed).verdict();
  const auto* violated = std::get_if<Violated>(&verdict.finding);
  REQUIRE(violated != nullptr);
  CHECK(violated->src == "node master-b");
}

TEST_CASE("M6: who loses access keeps the evidence: an address outside that a policy names") {
  const std::string named = policy("{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}");
  const JudgedUses judged =
      change("apiVersion: v1\nkind: Namespace\nmetadata: {name: other}", named, kClosed).judged();
  REQUIRE(judged.changes.lost.size() == 1);
  CHECK(judged.changes.lost.front().signs.front().words == "NetworkPolicy shop/all");
  CHECK(judged.changes.lost.front().connections.front().src.cidr == "203.0.113.0/24");
  CHECK(judged.witness->src.starts_with("203.0.113."));
}

TEST_CASE("M6: a target that is gone is closed, a source that is gone misses nothing") {
  const Snapshot before = uses_snapshot(std::string(kRoute));
  const auto without = [&](const std::string& kind, const std::string& ns,
                           const std::string& name) {
    Snapshot after = before;
    after.objects.erase({"", kind, ns, name});
    Diagnostics told;
    after.cluster = project(after.objects, {}, told);
    return after;
  };
  const Change target{before, without("Pod", "shop", "web")};
  const Verdict verdict = target.verdict();
  const auto* violated = std::get_if<Violated>(&verdict.finding);
  REQUIRE(violated != nullptr);
  CHECK(violated->reasons.front().text == "shop/web is not there after the change");
  const Change source{before, without("Pod", "openshift-ingress", "router")};
  CHECK(source.verdict().holds());
}

TEST_CASE("M6: of one state continuity asks whether what it shows is reachable in it") {
  const auto judge = [](const std::string& more) {
    return verify(uses_snapshot(std::string(kRoute) + more), {{}, {"builtin:continuity"}}).front();
  };
  CHECK(judge("").statement == "what is in use is reachable");
  CHECK(judge("").holds());
  CHECK(std::holds_alternative<Violated>(judge(kClosed).finding));
}

TEST_CASE("M6: what has no source in the input is named and not judged") {
  const Snapshot snapshot = snapshot_from(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, labels: {app: "
      "web}}\nspec: "
      "{containers: [{name: main}]}\nstatus: {phase: Running, podIP: "
      "10.128.2.10}\n---\napiVersion: "
      "v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: web}, "
      "ports: [{name: http, port: 80}]}\n---\n" +
      std::string(kRoute));
  const Verdict verdict = verify(snapshot, {{}, {"builtin:continuity"}}).front();
  CHECK(scope_of(verdict).find("not judged: Route shop/web: the input has no router") !=
        std::string::npos);
}

TEST_CASE("M6: what was violated by the same flow before the change is marked") {
  constexpr std::string_view kMember =
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: other, labels: {maistra.io/member-of: "
      "mesh}}\n"
      "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: other}\nspec: {containers: "
      "[{name: main}]}\nstatus: {phase: Running, podIP: 10.128.2.50}";
  const Snapshot state = uses_snapshot(std::string(kMember));
  std::vector<Verdict> verdicts = verify(state, {{}, {"builtin:tenancy"}});
  REQUIRE(std::holds_alternative<Violated>(verdicts.front().finding));
  mark_as_before(state, verdicts);
  CHECK(verdicts.front().as_before);
  verdicts.front().as_before = false;
  mark_as_before(uses_snapshot(""), verdicts);
  CHECK_FALSE(verdicts.front().as_before);
}

}  // namespace meshproof
