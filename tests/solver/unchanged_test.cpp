#include <catch2/catch.hpp>

#include "tests/solver/assertion_case.h"
#include "tests/solver/evaluate_case.h"
#include "tests/support/yaml.h"

/// Unchanged: docs/SEMANTICS.md, Q6.
namespace meshproof {
namespace {

const std::string kCommon = project_yaml("a") + project_yaml("b") + project_yaml("c") +
                            pod_yaml("a", "web", "10.128.0.5") + pod_yaml("b", "db", "10.128.0.6") +
                            pod_yaml("c", "api", "10.128.0.7");

Snapshot state(const std::string& yaml) { return snapshot_from(yaml, in_dialect(kKubernetes)); }

Assertion unchanged(std::vector<Group> touching = {}) {
  Assertion result;
  result.id = "A";
  result.kind = AssertionKind::Unchanged;
  result.touching = std::move(touching);
  return result;
}

Verdict judge(const std::string& before, const std::string& after, const Assertion& asked) {
  const Snapshot old = state(before);
  return verdict_on(state(after), asked, &old);
}

std::string outcome(const std::string& before, const std::string& after, const Assertion& asked) {
  return outcome_of(judge(before, after, asked).finding);
}

}  // namespace

TEST_CASE("one state has no change to speak of") {
  CHECK(outcome_of(verdict_on(state(kCommon), unchanged()).finding) == "about nothing");
}

TEST_CASE("a lost flow is the witness, with what closes it") {
  const Verdict verdict =
      judge(kCommon, kCommon + policy("b", "closed", "podSelector: {}"), unchanged());
  REQUIRE(outcome_of(verdict.finding) == "violated");
  const auto& violated = std::get<Violated>(verdict.finding);
  CHECK_FALSE(violated.is_open);
  CHECK(violated.dst == "b/db");
  CHECK(violated.reasons.front().policy == "NetworkPolicy b/closed");
  CHECK(violated.all.find("lost between workloads") != std::string::npos);
}

TEST_CASE("a gained flow is the witness, too") {
  const Verdict verdict =
      judge(kCommon + policy("b", "closed", "podSelector: {}"), kCommon, unchanged());
  REQUIRE(outcome_of(verdict.finding) == "violated");
  CHECK(std::get<Violated>(verdict.finding).is_open);
}

TEST_CASE("flows of what may be touched are excused, those of others are not") {
  const std::string closed = kCommon + policy("b", "closed", "podSelector: {}");
  const Verdict verdict = judge(kCommon, closed, unchanged({group_in("b")}));
  REQUIRE(outcome_of(verdict.finding) == "holds");
  CHECK(std::get<Holds>(verdict.finding).scope.find("connections that changed touch") !=
        std::string::npos);
  CHECK(outcome(kCommon, closed, unchanged({group_in("a")})) == "violated");
  CHECK(outcome(kCommon, kCommon, unchanged()) == "holds");
}

TEST_CASE("a pod that comes or goes is a change, unless it may be touched") {
  const std::string more = kCommon + pod_yaml("b", "new", "10.128.0.9");
  CHECK(outcome(kCommon, more, unchanged()) == "violated");
  CHECK(outcome(kCommon, more, unchanged({group_in("b")})) == "holds");
  const Verdict gone = judge(more, kCommon, unchanged());
  REQUIRE(outcome_of(gone.finding) == "violated");
  CHECK_FALSE(std::get<Violated>(gone.finding).is_open);
  // A completed pod has no flows to lose.
  std::string done = more;
  done.replace(done.rfind("phase: Running"), 14, "phase: Succeeded");
  CHECK(outcome(done, kCommon, unchanged()) == "holds");
}

TEST_CASE("of a workload that is touched in part the other pods count") {
  const auto replica = [](const std::string& name, const std::string& address) {
    return "\n---\n{apiVersion: v1, kind: Pod, metadata: {namespace: b, name: " + name +
           ", labels: {which: " + name +
           "}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: w, controller: "
           "true, uid: u}]}, spec: {nodeName: node-a, containers: [{name: main}]}, status: {phase: "
           "Running, podIP: " +
           address + "}}";
  };
  const std::string pair = kCommon + replica("w-0", "10.128.0.20") + replica("w-1", "10.128.0.21");
  Group first = group_in("b");
  first.pod_selector = SelectorText{{{"which", "In", {"w-0"}}}};
  const auto closing = [&](const std::string& which) {
    return pair + policy("b", "closed", "podSelector: {matchLabels: {which: " + which + "}}");
  };
  CHECK(outcome(pair, closing("w-0"), unchanged({first})) == "holds");
  CHECK(outcome(pair, closing("w-1"), unchanged({first})) == "violated");
}

TEST_CASE("only the ports of the assertion count, and blocks outside can be touched") {
  const std::string narrow =
      kCommon + policy("b", "narrow", "podSelector: {}, ingress: [{ports: [{port: 8080}]}]");
  Assertion asked = unchanged();
  asked.ports = PortSet::of(Protocol::Tcp, {8080, 8080});
  CHECK(outcome(kCommon, narrow, asked) == "holds");
  asked.ports = PortSet::of(Protocol::Tcp, {8080, 8081});
  CHECK(outcome(kCommon, narrow, asked) == "violated");
  const std::string no_outside =
      kCommon +
      policy("b", "inside", "podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]");
  CHECK(outcome(kCommon, no_outside, unchanged()) == "violated");
  CHECK(outcome(kCommon, no_outside, unchanged({group_outside()})) == "holds");
}

TEST_CASE("what is not decided in a state leaves it undecided") {
  const std::string odd = R"(
---
{apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: c, namespace: b}, spec: {}}
)";
  CHECK(outcome(kCommon, kCommon + odd, unchanged()) == "undecided");
  CHECK(outcome(kCommon, kCommon + odd, unchanged({group_in("b")})) == "holds");
}

}  // namespace meshproof
