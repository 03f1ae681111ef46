#include "solver/recheck.h"

#include <algorithm>

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include "solver/dominators.h"
#include "solver/verify.h"
#include "tests/solver/assertion_case.h"
#include "tests/solver/evaluate_case.h"
#include "tests/support/yaml.h"

/// Verdicts worked out a second time: docs/SEMANTICS.md, Q11.
namespace meshproof {
namespace {

const std::string kCluster =
    project_yaml("a") + project_yaml("b") + project_yaml("c") + pod_yaml("a", "web", "10.128.0.5") +
    pod_yaml("b", "db", "10.128.0.6") + pod_yaml("c", "api", "10.128.0.7") +
    policy("b", "closed", "podSelector: {}");

Snapshot state(const std::string& yaml) { return snapshot_from(yaml, in_dialect(kKubernetes)); }

Assertion deny(const std::string& from, const std::string& to) {
  return assertion_of(AssertionKind::Deny, group_in(from), group_in(to));
}

RecheckedVerdict recheck_one(const Snapshot& snapshot, const Assertion& asked,
                             const Verdict& verdict, const Snapshot* before = nullptr,
                             const RecheckLimits& limits = {}) {
  const Assertions assertions{{asked}, {}};
  return recheck({snapshot, before, assertions}, {verdict}, limits).at(0);
}

RecheckedVerdict recheck_own(const Snapshot& snapshot, const Assertion& asked,
                             const Snapshot* before = nullptr, const RecheckLimits& limits = {}) {
  return recheck_one(snapshot, asked, verdict_on(snapshot, asked, before), before, limits);
}

Verdict claim(const Assertion& asked, Finding finding) {
  Verdict verdict;
  verdict.id = asked.id;
  verdict.finding = std::move(finding);
  return verdict;
}

Holds holds() { return {Universe::Enumerated, "said to"}; }

}  // namespace

TEST_CASE("what holds by enumeration is confirmed pair by pair, or by a sample that is told") {
  const Snapshot snapshot = state(kCluster);
  const RecheckedVerdict all = recheck_own(snapshot, deny("a", "b"));
  CHECK(all.outcome == Recheck::Confirmed);
  CHECK(all.words == "every pair of 1 and 1 ends");
  CHECK(all.flows > 0);
  std::string many = kCluster;
  for (int i = 0; i < 20; ++i) {
    many += pod_yaml("b", "db" + std::to_string(i), "10.128.1." + std::to_string(i + 1));
  }
  RecheckLimits limits;
  limits.flows = 40;
  const RecheckedVerdict some = recheck_own(state(many), deny("a", "b"), nullptr, limits);
  CHECK(some.outcome == Recheck::Sampled);
  CHECK(some.words.find("of the pairs of 1 and 21 ends, evenly chosen") != std::string::npos);
}

TEST_CASE("a Holds that is wrong is found, with the objects that it hangs on") {
  const Snapshot snapshot = state(kCluster);
  const Assertion asked = deny("a", "c");
  const RecheckedVerdict one = recheck_one(snapshot, asked, claim(asked, holds()));
  REQUIRE(one.outcome == Recheck::Disagrees);
  CHECK(one.words.find("evaluate() says of a/web → c/api") != std::string::npos);
  std::vector<std::string> objects;
  for (const ObjectKey& key : one.objects) objects.push_back(to_string(key));
  CHECK(objects ==
        std::vector<std::string>{"Namespace a", "Namespace c", "Pod a/web", "Pod c/api"});
}

TEST_CASE("a witness that is wrong is found") {
  const Snapshot snapshot = state(kCluster);
  const Assertion asked = deny("a", "b");
  Violated violated;
  violated.src = "a/web";
  violated.dst = "b/db";
  violated.port = 8080;
  CHECK(recheck_one(snapshot, asked, claim(asked, violated)).outcome == Recheck::Disagrees);
  violated.dst = "c/api";
  const RecheckedVerdict right = recheck_one(snapshot, asked, claim(asked, violated));
  CHECK(right.outcome == Recheck::Confirmed);
  CHECK(right.words == "a/web → c/api TCP 8080 is open");
  violated.further = {{"c/api", "b/db", Protocol::Tcp, 8080, {}}};
  CHECK(recheck_one(snapshot, asked, claim(asked, violated)).outcome == Recheck::Disagrees);
  violated.further.clear();
  violated.dst = "c/gone";
  const RecheckedVerdict gone = recheck_one(snapshot, asked, claim(asked, violated));
  CHECK(gone.outcome == Recheck::Disagrees);
  CHECK(gone.words.find("an end is not there") != std::string::npos);
}

TEST_CASE("witnesses of every kind are replayed") {
  const Snapshot snapshot = state(kCluster);
  CHECK(recheck_own(snapshot, deny("a", "c")).outcome == Recheck::Confirmed);
  CHECK(recheck_own(snapshot, assertion_of(AssertionKind::Allow, group_in("a"), group_in("b")))
            .outcome == Recheck::Confirmed);
  Assertion unbounded = deny("a", "c");
  unbounded.from.unbounded = true;
  CHECK(recheck_own(snapshot, unbounded).outcome == Recheck::Confirmed);
  const Snapshot opened = state(kCluster + policy("b", "open", "podSelector: {}, ingress: [{}]"));
  Assertion unchanged;
  unchanged.id = "A";
  unchanged.kind = AssertionKind::Unchanged;
  CHECK(recheck_own(opened, unchanged, &snapshot).outcome == Recheck::Confirmed);
}

TEST_CASE("unchanged is asked again in both states") {
  const Snapshot before = state(kCluster);
  const Snapshot after = state(kCluster + policy("c", "closed", "podSelector: {}"));
  Assertion asked;
  asked.id = "A";
  asked.kind = AssertionKind::Unchanged;
  CHECK(recheck_own(before, asked, &before).outcome == Recheck::Confirmed);
  CHECK(recheck_one(after, asked, claim(asked, holds()), &before).outcome == Recheck::Disagrees);
  asked.touching = {group_in("c")};
  CHECK(recheck_own(after, asked, &before).outcome == Recheck::Confirmed);
  CHECK(recheck_one(after, asked, claim(asked, holds())).outcome == Recheck::NotAsked);
}

TEST_CASE("ways are decided again in a graph of all pairs") {
  const std::string chain = project_yaml("a") + project_yaml("m") + project_yaml("b") +
                            pod_yaml("a", "start", "10.128.0.5") +
                            pod_yaml("m", "middle", "10.128.0.6") +
                            pod_yaml("b", "end", "10.128.0.7") +
                            admits("a", "start", "{podSelector: {matchLabels: {app: none}}}") +
                            admits("b", "end",
                                   "{namespaceSelector: {matchLabels: "
                                   "{kubernetes.io/metadata.name: m}}}");
  const Snapshot snapshot = state(chain);
  Assertion gate = assertion_of(AssertionKind::OnlyVia, group_in("a"), group_in("b"));
  gate.via = group_in("m");
  const RecheckedVerdict right = recheck_own(snapshot, gate);
  CHECK(right.outcome == Recheck::Confirmed);
  CHECK(right.words == "in the graph of 3 pods, pair by pair");
  gate.via = group_in("a");
  gate.from = group_in("m");
  CHECK(recheck_one(snapshot, gate, claim(gate, holds())).outcome == Recheck::Disagrees);
  Assertion isolate;
  isolate.id = "A";
  isolate.kind = AssertionKind::Isolate;
  isolate.between = {group_in("a"), group_in("b")};
  isolate.hops = 2;
  CHECK(recheck_one(snapshot, isolate, claim(isolate, holds())).outcome == Recheck::Disagrees);
  isolate.hops = 1;
  CHECK(recheck_own(snapshot, isolate).outcome == Recheck::Confirmed);
  RecheckLimits limits;
  limits.flows = 5;
  gate.from = group_in("a");
  gate.via = group_in("m");
  CHECK(recheck_own(snapshot, gate, nullptr, limits).outcome == Recheck::NotAsked);
}

TEST_CASE("what is not about flows of the input is not asked, and says why") {
  const Snapshot snapshot = state(kCluster);
  const Assertion asked = deny("a", "b");
  const auto words = [&](const Finding& finding) {
    const RecheckedVerdict one = recheck_one(snapshot, asked, claim(asked, finding));
    CHECK(one.outcome == Recheck::NotAsked);
    return one.words;
  };
  CHECK(words(Undecided{"x"}) == "it says neither yes nor no");
  CHECK(words(Vacuous{"x"}) == "it says neither yes nor no");
  Violated object;
  object.object = "RoleBinding a/x";
  CHECK(words(object) == "it is not about flows");
  Assertion rules;
  rules.id = "A";
  rules.kind = AssertionKind::NoShadowedRules;
  const Holds all{Universe::Unbounded, "all"};
  const RecheckedVerdict of_rules = recheck_one(snapshot, rules, claim(rules, all));
  CHECK(of_rules.outcome == Recheck::NotAsked);
  CHECK(of_rules.words == "it is not about flows");
  Verdict builtin = claim(rules, all);
  builtin.id = "builtin:moments";
  CHECK(recheck_one(snapshot, rules, builtin).words == "it is about no mesh");
}

TEST_CASE("a Holds about every pod is put to the finite cases") {
  Assertion asked = deny("a", "b");
  asked.from.unbounded = true;
  asked.to.unbounded = true;
  const Snapshot snapshot = state(kCluster);
  const RecheckedVerdict one = recheck_own(snapshot, asked);
  CHECK(one.outcome == Recheck::Confirmed);
  CHECK(one.words ==
        "every pair of 1 and 1 ends; and by the finite cases of every pod that could exist");
  RecheckLimits limits;
  limits.cases = 1;
  const RecheckedVerdict too_many = recheck_own(snapshot, asked, nullptr, limits);
  CHECK(too_many.outcome == Recheck::NotAsked);
  CHECK(too_many.words.find("1 are the limit") != std::string::npos);
}

TEST_CASE("a Holds about every pod that is wrong is found, with the pods that it speaks of") {
  // No pod of the input is legacy, and one that could be is let in.
  const Snapshot snapshot = state(
      kCluster + policy("b", "legacy", "podSelector: {matchLabels: {legacy: x}}, ingress: [{}]"));
  Assertion asked = deny("a", "b");
  asked.to.unbounded = true;
  const RecheckedVerdict one =
      recheck_one(snapshot, asked, claim(asked, Holds{Universe::Unbounded, "all"}));
  REQUIRE(one.outcome == Recheck::Disagrees);
  CHECK(one.words.find("of the finite cases a/web at 10.128.0.5 reaches a pod of project b "
                       "{legacy=x}") != std::string::npos);
  std::vector<std::string> objects;
  for (const ObjectKey& key : one.objects) objects.push_back(to_string(key));
  CHECK(std::ranges::find(objects, "NetworkPolicy b/legacy") != objects.end());
  CHECK(std::ranges::find(objects, "Pod a/web") != objects.end());
  CHECK(std::ranges::find(objects, "Pod c/api") == objects.end());
}

TEST_CASE("tenancy is worked out again by the finite cases") {
  const std::string mesh = project_yaml("m", "maistra.io/member-of: m") +
                           project_yaml("shop", "maistra.io/member-of: m") + project_yaml("red");
  const Snapshot closed = state(mesh + policy("shop", "closed", "podSelector: {}"));
  Assertions asked;
  asked.builtins = {"builtin:tenancy", "builtin:control-plane"};
  const std::vector<Verdict> verdicts = verify(closed, asked);
  REQUIRE(verdicts.size() == 2);
  REQUIRE(verdicts[0].holds());
  const auto rechecked = recheck({closed, nullptr, asked}, verdicts);
  CHECK(rechecked[0].outcome == Recheck::Confirmed);
  CHECK(rechecked[0].flows > 0);
  // The same verdict about a state where it is wrong.
  const Snapshot open = state(mesh);
  CHECK(recheck({open, nullptr, asked}, verdicts)[0].outcome == Recheck::Disagrees);
}

TEST_CASE("a test's own decider is asked about a Holds of every pod") {
  const Snapshot snapshot = state(kCluster);
  const Assertion asked = deny("a", "b");
  RecheckLimits limits;
  limits.unbounded = [](const Snapshot&, const Verdict&, const Assertion*) {
    return RecheckResult{Recheck::Disagrees, "no", 1};
  };
  const Verdict verdict = claim(asked, Holds{Universe::Unbounded, "all"});
  const RecheckedVerdict one = recheck_one(snapshot, asked, verdict, nullptr, limits);
  CHECK(one.outcome == Recheck::Disagrees);
  CHECK(one.words == "no");
}

TEST_CASE("verdicts about the state before are worked out there, those between states are not") {
  const Snapshot before = state(kCluster);
  const Snapshot after = state(kCluster + policy("c", "closed", "podSelector: {}"));
  const Assertion asked = deny("a", "c");
  Verdict verdict = verdict_on(before, asked);
  verdict.moment = Moment::Before;
  CHECK(recheck_one(after, asked, verdict, &before).outcome == Recheck::Confirmed);
  verdict.moment = Moment::EveryStep;
  CHECK(recheck_one(after, asked, verdict, &before).outcome == Recheck::NotAsked);
}

TEST_CASE("who is not reached leads to nobody") {
  // 5 is reached by nobody, and an edge leads from there to 4.
  const Links links{6, {{0, 1}, {0, 2}, {1, 3}, {2, 4}, {5, 4}, {5, 3}}};
  CHECK(not_dominated(links, 0, 1, {2, 3, 4, 5}) == std::vector<std::uint32_t>{2, 4});
  CHECK(not_dominated(links, 0, 2, {1, 3, 4}) == std::vector<std::uint32_t>{1, 3});
}

TEST_CASE("the dominator tree agrees with taking the gate out of the graph") {
  rc::prop("not_dominated() is what is reached without the gate", [] {
    const auto size = *rc::gen::inRange<std::uint32_t>(3, 9);
    const auto vertex = rc::gen::inRange<std::uint32_t>(0, size);
    const auto count = *rc::gen::inRange<std::size_t>(0, 3 * size);
    const Links links{size,
                      *rc::gen::container<std::vector<std::pair<std::uint32_t, std::uint32_t>>>(
                          count, rc::gen::pair(vertex, vertex))};
    std::vector<bool> seen(size, false);
    std::vector<std::uint32_t> open{0};
    seen[0] = true;
    while (!open.empty()) {
      const std::uint32_t at = open.back();
      open.pop_back();
      for (const auto& [from, to] : links.edges) {
        if (from != at || to == 1 || seen[to]) continue;
        seen[to] = true;
        open.push_back(to);
      }
    }
    std::vector<std::uint32_t> targets;
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 2; i < size; ++i) {
      targets.push_back(i);
      if (seen[i]) expected.push_back(i);
    }
    RC_ASSERT(not_dominated(links, 0, 1, targets) == expected);
  });
}

TEST_CASE("ways by slices and ways in the graph of all pairs agree") {
  rc::prop("a Holds is confirmed, and a way that is found is open", [] {
    const std::vector<std::string> names{"a", "b", "m", "n"};
    std::string yaml;
    for (std::size_t i = 0; i < names.size(); ++i) {
      yaml += project_yaml(names[i]);
      yaml += pod_yaml(names[i], "one", "10.128.0." + std::to_string(10 + i));
      yaml += pod_yaml(names[i], "two", "10.128.0." + std::to_string(20 + i));
    }
    for (const std::string& ns : names) {
      for (const std::string app : {"one", "two"}) {
        const auto peers = *rc::gen::container<std::vector<std::size_t>>(
            *rc::gen::inRange<std::size_t>(1, 3), rc::gen::inRange<std::size_t>(0, names.size()));
        std::string peer;
        for (const std::size_t from : peers) {
          peer += (peer.empty() ? "" : ", ") +
                  std::string("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ") +
                  names[from] + "}}, podSelector: {matchLabels: {app: " +
                  (*rc::gen::arbitrary<bool>() ? "one" : "two") + "}}}";
        }
        if (*rc::gen::inRange(0, 24) != 0) yaml += admits(ns, app, peer);
      }
    }
    const Snapshot snapshot = state(yaml);
    Assertion isolate;
    isolate.id = "A";
    isolate.kind = AssertionKind::Isolate;
    isolate.between = {group_in("a"), group_in("b")};
    isolate.hops = *rc::gen::inRange<std::uint32_t>(2, 4);
    Assertion gate = assertion_of(AssertionKind::OnlyVia, group_in("a"), group_in("b"));
    gate.via = *rc::gen::arbitrary<bool>() ? group_in("m") : group_in("m", "one");
    for (const Assertion& asked : {isolate, gate}) {
      const Verdict verdict = verdict_on(snapshot, asked);
      RC_TAG(outcome_of(verdict.finding));
      RC_ASSERT(!std::holds_alternative<Undecided>(verdict.finding));
      RC_ASSERT(recheck_one(snapshot, asked, verdict).outcome == Recheck::Confirmed);
      // The other way round: where there is a way, the graph denies that it holds.
      if (!std::holds_alternative<Violated>(verdict.finding)) continue;
      const Verdict wrong = claim(asked, holds());
      const bool over_one_hop = asked.kind == AssertionKind::Isolate && asked.hops == 1;
      if (!over_one_hop) {
        RC_ASSERT(recheck_one(snapshot, asked, wrong).outcome == Recheck::Disagrees);
      }
    }
  });
}

}  // namespace meshproof
