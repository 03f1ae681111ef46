#include <catch2/catch.hpp>

#include "tests/solver/assertion_case.h"
#include "tests/solver/evaluate_case.h"
#include "tests/support/yaml.h"

/// Isolate over several hops and only-via: docs/SEMANTICS.md, Q3 to Q5.
namespace meshproof {
namespace {

using Stops = std::vector<std::string>;

const std::string kFrom = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ";

std::string from_pod(const std::string& ns, const std::string& app) {
  return kFrom + ns + "}}, podSelector: {matchLabels: {app: " + app + "}}}";
}

/// a/start reaches m/middle, which reaches b/end; nobody else reaches anybody, but m/other is open.
const std::string kChain =
    project_yaml("a") + project_yaml("m") + project_yaml("b") +
    pod_yaml("a", "start", "10.128.0.5") + pod_yaml("m", "middle", "10.128.0.6") +
    pod_yaml("b", "end", "10.128.0.7") + admits("a", "start", from_pod("x", "nobody")) +
    admits("m", "middle", from_pod("a", "start")) + admits("b", "end", from_pod("m", "middle"));

Snapshot state(const std::string& yaml) { return snapshot_from(yaml, in_dialect(kKubernetes)); }

Assertion isolate(std::uint32_t hops) {
  Assertion result;
  result.id = "A";
  result.kind = AssertionKind::Isolate;
  result.between = {group_in("a"), group_in("b")};
  result.hops = hops;
  return result;
}

Assertion only_via(Group from, Group to, Group via) {
  Assertion result = assertion_of(AssertionKind::OnlyVia, std::move(from), std::move(to));
  result.via = std::move(via);
  return result;
}

}  // namespace

TEST_CASE("isolation over one hop does not see a way of two") {
  const Verdict verdict = verdict_on(state(kChain), isolate(1));
  CHECK(outcome_of(verdict.finding) == "holds");
  CHECK(verdict.deciders == std::vector{Decider::Evaluation});
}

TEST_CASE("isolation over two hops shows every hop of the way, with the rule that lets it pass") {
  const Verdict verdict = verdict_on(state(kChain), isolate(2));
  REQUIRE(outcome_of(verdict.finding) == "violated");
  const auto& violated = std::get<Violated>(verdict.finding);
  CHECK(stops_of(violated) == Stops{"a/start", "m/middle", "b/end"});
  CHECK(violated.port == 8080);
  REQUIRE(violated.further.size() == 1);
  CHECK(violated.further[0].src == "m/middle");
  CHECK(violated.further[0].port == 8080);
  REQUIRE_FALSE(violated.further[0].reasons.empty());
  CHECK(std::ranges::any_of(violated.further[0].reasons, [](const Reason& reason) {
    return reason.policy == "NetworkPolicy b/to-end";
  }));
}

TEST_CASE("a shorter limit than the way, and ports that the last hop lacks, leave it isolated") {
  const std::string longer = kChain + pod_yaml("m", "next", "10.128.0.8") +
                             admits("m", "next", from_pod("m", "middle")) +
                             policy("b", "closed", "podSelector: {}");
  CHECK(outcome_of(verdict_on(state(kChain), isolate(5)).finding) == "violated");
  Assertion asked = isolate(2);
  asked.ports = PortSet::of(Protocol::Tcp, {9000, 9000});
  CHECK(outcome_of(verdict_on(state(kChain), asked).finding) == "holds");
  asked.ports = PortSet::of(Protocol::Tcp, {8000, 9000});
  CHECK(outcome_of(verdict_on(state(kChain), asked).finding) == "violated");
}

TEST_CASE("a way whose both ends are excepted is none, one of which one end is, is") {
  Assertion asked = isolate(2);
  asked.except_from = group_in("a");
  asked.except_to = group_in("b");
  CHECK(outcome_of(verdict_on(state(kChain), asked).finding) == "holds");
  asked.except_to = group_in("m");
  CHECK(outcome_of(verdict_on(state(kChain), asked).finding) == "violated");
}

TEST_CASE("completed pods are no stepping stones, hostNetwork pods are") {
  const std::string two =
      project_yaml("a") + project_yaml("b") + project_yaml("h") +
      pod_yaml("a", "start", "10.128.0.5") + pod_yaml("b", "end", "10.128.0.7") +
      admits("a", "start", from_pod("x", "nobody")) + admits("b", "end", from_pod("x", "nobody"));
  const std::string node =
      "\n---\n{apiVersion: v1, kind: Node, metadata: {name: node-a}, status: {addresses: [{type: "
      "InternalIP, address: 192.168.0.1}]}}";
  CHECK(outcome_of(verdict_on(state(two + node), isolate(3)).finding) == "holds");
  const std::string host = pod_yaml("h", "agent", "192.168.0.1", "hostNetwork: true");
  const Verdict verdict = verdict_on(state(two + node + host), isolate(2));
  REQUIRE(outcome_of(verdict.finding) == "violated");
  // The node always reaches its own pods (H2).
  CHECK(stops_of(std::get<Violated>(verdict.finding)) == Stops{"a/start", "h/agent", "b/end"});
  std::string done = kChain;
  const auto at = done.find("phase: Running, podIP: 10.128.0.6");
  done.replace(at, 14, "phase: Succeeded");
  CHECK(outcome_of(verdict_on(state(done), isolate(2)).finding) == "holds");
}

TEST_CASE("a hop that is not decided leaves the isolation undecided, never proved") {
  const std::string odd = kChain + R"(
---
{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: c, namespace: m}, spec: {}}
)";
  CHECK(outcome_of(verdict_on(state(odd), isolate(2)).finding) == "undecided");
}

TEST_CASE("isolation of groups that have several pods in common is not decided over hops") {
  Assertion asked = isolate(2);
  asked.between = {group_in("q"), group_in("q")};
  const std::string closed = project_yaml("q") + pod_yaml("q", "one", "10.128.0.5") +
                             pod_yaml("q", "two", "10.128.0.6") +
                             policy("q", "closed", "podSelector: {}");
  const Verdict verdict = verdict_on(state(closed), asked);
  REQUIRE(outcome_of(verdict.finding) == "undecided");
  CHECK(std::get<Undecided>(verdict.finding).reason.find("2 pods in common") != std::string::npos);
}

TEST_CASE("only-via holds where every way leads over the gate, and not where one does not") {
  const Assertion gate = only_via(group_in("a"), group_in("b"), group_in("m", "middle"));
  const Verdict verdict = verdict_on(state(kChain), gate);
  REQUIRE(outcome_of(verdict.finding) == "holds");
  CHECK(std::get<Holds>(verdict.finding)
            .scope.starts_with("1 pod × 1 pod by way of 1 pod, any number of hops"));
  const std::string around =
      kChain + pod_yaml("m", "side", "10.128.0.9") +
      policy("b", "also", "podSelector: {}, ingress: [{from: [" + from_pod("m", "side") + "]}]");
  const Verdict past = verdict_on(state(around), gate);
  REQUIRE(outcome_of(past.finding) == "violated");
  CHECK(stops_of(std::get<Violated>(past.finding)) == Stops{"a/start", "m/side", "b/end"});
}

TEST_CASE("only-via from outside: the gate is what the outside may reach") {
  const std::string open_gate =
      kChain + policy("m", "open", "podSelector: {matchLabels: {app: middle}}, ingress: [{}]");
  const Assertion asked = only_via(group_outside(), group_in("b"), group_in("m", "middle"));
  CHECK(outcome_of(verdict_on(state(open_gate), asked).finding) == "holds");
  const Assertion other = only_via(group_outside(), group_in("b"), group_in("a"));
  const Verdict past = verdict_on(state(open_gate), other);
  REQUIRE(outcome_of(past.finding) == "violated");
  const Stops stops = stops_of(std::get<Violated>(past.finding));
  REQUIRE(stops.size() == 3);
  CHECK(stops[1] == "m/middle");
}

TEST_CASE("one pod of a workload may be the gate, and the others are ways around it") {
  const auto replica = [](const std::string& name, const std::string& address) {
    return "\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: m, name: " + name +
           ", labels: {app: middle, which: " + name +
           "}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: w, controller: "
           "true, uid: u}]}, spec: {nodeName: node-a, containers: [{name: main}]}, status: {phase: "
           "Running, podIP: " +
           address + "}}";
  };
  const std::string pair = project_yaml("a") + project_yaml("m") + project_yaml("b") +
                           pod_yaml("a", "start", "10.128.0.5") + replica("w-0", "10.128.0.6") +
                           replica("w-1", "10.128.0.8") + pod_yaml("b", "end", "10.128.0.7") +
                           admits("b", "end", from_pod("m", "middle"));
  Group first = group_in("m");
  first.name = "first";
  first.pod_selector = SelectorText{{{"which", "In", {"w-0"}}}};
  const Verdict verdict = verdict_on(state(pair), only_via(group_in("a"), group_in("b"), first));
  REQUIRE(outcome_of(verdict.finding) == "violated");
  CHECK(stops_of(std::get<Violated>(verdict.finding)) == Stops{"a/start", "m/w-1", "b/end"});
  CHECK(outcome_of(
            verdict_on(state(pair), only_via(group_in("a"), group_in("b"), group_in("m", "middle")))
                .finding) == "holds");
}

TEST_CASE("only-via about nothing says so") {
  const auto reason = [](const Assertion& asked) {
    const Verdict verdict = verdict_on(state(kChain), asked);
    const auto* vacuous = std::get_if<Vacuous>(&verdict.finding);
    return vacuous == nullptr ? outcome_of(verdict.finding) : vacuous->reason;
  };
  CHECK(reason(only_via(group_in("z"), group_in("b"), group_in("m"))) == "group z selects nothing");
  CHECK(reason(only_via(group_in("a"), group_in("z"), group_in("m"))) == "group z selects nothing");
  CHECK(reason(only_via(group_in("a"), group_in("b"), group_in("z"))) == "group z selects no pod");
  CHECK(reason(only_via(group_in("a"), group_in("b"), group_in("a")))
            .starts_with("nothing of a lies outside of b and a"));
  Assertion excused = only_via(group_in("a"), group_in("b"), group_in("z"));
  excused.via.allow_empty = true;
  CHECK(outcome_of(verdict_on(state(kChain), excused).finding) == "violated");
}

TEST_CASE("ways hold over nothing that was not collected") {
  Snapshot some = state(kChain);
  some.coverage.add({"networking.k8s.io/NetworkPolicy", "m"},
                    {.collected = Collected::Denied, .objects = 0, .reason = {}, .origin = 0});
  const Assertion gate = only_via(group_in("a"), group_in("b"), group_in("m", "middle"));
  const Verdict verdict = verdict_on(some, gate);
  REQUIRE(outcome_of(verdict.finding) == "undecided");
  CHECK(std::get<Undecided>(verdict.finding).reason.find("NetworkPolicy in m") !=
        std::string::npos);
}

}  // namespace meshproof
