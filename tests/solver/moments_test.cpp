#include "solver/moments/moments.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/solver/moments_scene.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

std::string judged(const MomentScene& scene, const std::vector<Stage>& stages) {
  return broken(judge_moments(scene.before, scene.after, stages));
}

const BadMoment& bad(const std::vector<MomentVerdict>& verdicts, MomentRule rule) {
  const auto found = std::ranges::find(verdicts, rule, &MomentVerdict::rule);
  REQUIRE(found != verdicts.end());
  REQUIRE(std::holds_alternative<BadMoment>(found->finding));
  return std::get<BadMoment>(found->finding);
}

std::string reason(const std::vector<MomentVerdict>& verdicts) {
  REQUIRE_FALSE(verdicts.empty());
  const auto* unknown = std::get_if<Undecided>(&verdicts.front().finding);
  return unknown == nullptr ? "" : unknown->reason;
}

/// How many of all orders of the steps, one seen after the other, break none of some rules.
struct SafeOrders {
  std::size_t all = 0;
  std::size_t safe = 0;
  std::size_t without_blackhole = 0;
  std::size_t without_pivot = 0;
};

SafeOrders count_orders(const MomentScene& scene) {
  std::vector<std::size_t> order(scene.steps.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  SafeOrders count;
  do {
    const std::string text = judged(scene, one_by_one(scene, order));
    ++count.all;
    if (text.empty()) ++count.safe;
    if (text.find("no-blackhole") == std::string::npos) ++count.without_blackhole;
    if (text.find("no-pivot") == std::string::npos) ++count.without_pivot;
  } while (std::ranges::next_permutation(order).found);
  return count;
}

void check_orders(MomentScene (*make)(const std::vector<bool>&)) {
  const SafeOrders open = count_orders(make({false, false}));
  CHECK(open.all == 720);
  CHECK(open.safe == 0);
  CHECK(open.without_blackhole == 0);
  CHECK(open.without_pivot == 180);
  const SafeOrders mixed = count_orders(make({true, false}));
  CHECK(mixed.safe == 0);
  CHECK(mixed.without_blackhole == 0);
  CHECK(mixed.without_pivot == 360);
  const SafeOrders isolated = count_orders(make({true, true}));
  CHECK(isolated.safe == 720);
}

}  // namespace

// The rows of verification.md 3.3 without bridges; its prototype has the same mesh.
TEST_CASE("moments: joining, half of the projects isolate themselves") {
  const MomentScene scene = joining({true, false});
  CHECK(judged(scene, any_order(scene)) == "no-blackhole no-pivot");
  CHECK(judged(scene, operator_order(scene)) == "no-blackhole");
  CHECK(judged(scene, labels_first(scene)) == "no-blackhole no-pivot");
}

TEST_CASE("moments: leaving, half of the projects isolate themselves") {
  const MomentScene scene = leaving({true, false});
  CHECK(judged(scene, operator_order(scene)) == "no-blackhole no-pivot");
  CHECK(judged(scene, labels_first(scene)) == "no-blackhole");
}

TEST_CASE("moments: of the 720 orders in which two projects join") { check_orders(joining); }

TEST_CASE("moments: of the 720 orders in which two projects leave", "[slow]") {
  check_orders(leaving);
}

TEST_CASE("moments: projects that isolate all their pods are safe in any order") {
  const MomentScene scene = joining({true, true});
  const auto verdicts = judge_moments(scene.before, scene.after, any_order(scene));
  CHECK(broken(verdicts).empty());
  const auto* safe = std::get_if<SafeMoments>(&verdicts.front().finding);
  REQUIRE(safe != nullptr);
  CHECK(safe->scope.starts_with("2^6 parts of 6 writes in 2 projects of 1 class, 7 pods"));
}

TEST_CASE("moments: alike projects are judged as one") {
  const MomentScene scene = joining(std::vector<bool>(12, false));
  const auto verdicts = judge_moments(scene.before, scene.after, operator_order(scene));
  CHECK(broken(verdicts) == "no-blackhole");
  const auto* safe = std::get_if<SafeMoments>(&verdicts.back().finding);
  REQUIRE(safe != nullptr);
  CHECK(safe->scope.find("12 projects of 1 class") != std::string::npos);
}

TEST_CASE("moments: the shortest bad moment is told") {
  const MomentScene scene = joining({false});
  const auto verdicts = judge_moments(scene.before, scene.after, operator_order(scene));
  const BadMoment& cut = bad(verdicts, MomentRule::NoBlackhole);
  CHECK(cut.in_effect.size() == 1);
  CHECK(cut.pending.size() == 2);
  REQUIRE(cut.hops.size() == 1);
  CHECK_FALSE(cut.hops.front().is_open);
  CHECK_FALSE(cut.hops.front().reasons.empty());
  REQUIRE(cut.story.size() == 3);
  CHECK(cut.story[0] == "in effect: NetworkPolicy x0/istio-mesh is created");
  CHECK(
      cut.story[1] ==
      "not yet: the labels of Namespace x0 change, NetworkPolicy x0/istio-expose-route is created");
  CHECK(cut.story[2] ==
        "x0/e does not reach x0/h (TCP 1), which it does before and after, until the labels of "
        "Namespace x0 change");
}

TEST_CASE("moments: a path of two hops is seen by two nodes") {
  const MomentScene scene = joining({false});
  const auto verdicts = judge_moments(scene.before, scene.after, any_order(scene));
  const BadMoment& path = bad(verdicts, MomentRule::NoPivot);
  REQUIRE(path.hops.size() == 2);
  CHECK(path.hops[0].dst == path.hops[1].src);
  CHECK(path.hops[0].is_open);
  CHECK(path.hops[1].is_open);
  CHECK(path.in_effect.size() == 1);
  CHECK(path.hops[0].in_effect.empty());
  CHECK(path.hops[1].in_effect.size() == 1);
}

TEST_CASE("moments: what takes a write to be seen late is said to") {
  const MomentScene scene = joining({false});
  const auto verdicts = judge_prediction(scene.before, scene.after, any_order(scene));
  CHECK(broken(verdicts) == "no-blackhole no-pivot");
  CHECK(bad(verdicts, MomentRule::NoPivot).story.back().starts_with("not if each write is seen"));
  const BadMoment& cut = bad(verdicts, MomentRule::NoBlackhole);
  CHECK(cut.story.back().find("not if") == std::string::npos);
}

TEST_CASE("moments: what cannot be said is undecided") {
  const MomentScene scene = joining({false});
  std::vector<Stage> fewer = any_order(scene);
  fewer.front().steps.pop_back();
  CHECK(reason(judge_moments(scene.before, scene.after, fewer)) ==
        "NetworkPolicy x0/istio-expose-route differs in the state after, and no step writes it");
  std::vector<Stage> other = any_order(scene);
  other.front().steps.back().object = Tree::null();
  CHECK(reason(judge_moments(scene.before, scene.after, other)) ==
        "the steps do not leave NetworkPolicy x0/istio-expose-route as the state after has it");
  std::vector<Stage> node = any_order(scene);
  Step step;
  step.key = {"", "Node", "", "node-a"};
  node.front().steps.push_back(step);
  CHECK(reason(judge_moments(scene.before, scene.after, node)).find("writes Node node-a") !=
        std::string::npos);
  MomentOptions few;
  few.most_parts = 2;
  CHECK(reason(judge_moments(scene.before, scene.after, any_order(scene), few)) ==
        "project x0 has more parts of its steps than 2");
}

TEST_CASE("moments: without a write that matters nothing can happen") {
  const MomentScene scene = joining({true});
  CHECK(broken(judge_moments(scene.before, scene.before, {})).empty());
  const std::vector<MomentVerdict> none;
  const auto verdicts = moment_verdicts(&none);
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts.front().holds());
  CHECK(std::holds_alternative<Undecided>(moment_verdicts(nullptr).front().finding));
}

TEST_CASE("moments: a bad one violates the built-in statement") {
  const MomentScene scene = joining({false});
  const auto moments = judge_prediction(scene.before, scene.after, any_order(scene));
  const auto verdicts = moment_verdicts(&moments);
  REQUIRE(verdicts.size() == 3);
  CHECK(std::holds_alternative<Violated>(verdicts[0].finding));
  CHECK(verdicts[1].holds());
  const auto* path = std::get_if<Violated>(&verdicts[2].finding);
  REQUIRE(path != nullptr);
  CHECK(path->all.find("in effect: ") != std::string::npos);
  CHECK(verdicts[2].moment == Moment::EveryStep);
}

TEST_CASE("moments: pods that do not exist speak for an input without pods") {
  const std::string mesh = R"(
apiVersion: v1
kind: Namespace
metadata: {name: a}
---
apiVersion: v1
kind: Namespace
metadata: {name: b, labels: {friend: "yes"}}
---
)";
  const auto allowing = [](const std::string& name, const std::string& peer) {
    return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: " + name +
           ", namespace: a}\nspec:\n  podSelector: {}\n  ingress: [{from: [" + peer + "]}]\n---\n";
  };
  NetworkOptions options;
  options.dialect = Dialect::Kubernetes;
  const Snapshot before = snapshot_from(mesh + allowing("one", "{namespaceSelector: {}}"), options);
  const Snapshot after = snapshot_from(
      mesh + allowing("two", "{namespaceSelector: {matchLabels: {friend: \"yes\"}}}"), options);
  const auto step_of = [&](const std::string& name, Verb verb) {
    Step step;
    step.verb = verb;
    step.key = {std::string(default_group("NetworkPolicy")), "NetworkPolicy", "a", name};
    if (const Object* object = after.objects.find(step.key)) step.object = *object->tree;
    return step;
  };
  const std::vector<Stage> replacing{
      {{step_of("one", Verb::Delete), step_of("two", Verb::Create)}, false, {}}};
  const auto verdicts = judge_moments(before, after, replacing);
  // Between the deletion and the creation nothing isolates a.
  CHECK(broken(verdicts) == "no-breach");
  const BadMoment& open = bad(verdicts, MomentRule::NoBreach);
  CHECK_FALSE(open.manifests.empty());
  const std::vector<Stage> growing{{{step_of("two", Verb::Create)}, false, "it is seen"},
                                   {{step_of("one", Verb::Delete)}, false, {}}};
  CHECK(broken(judge_moments(before, after, growing)).empty());
}

TEST_CASE("moments: an assertion for every step") {
  const MomentScene scene = joining({false});
  const auto pods_of = [](const std::string& ns) {
    Group group;
    group.name = ns;
    group.namespace_names = {ns};
    return group;
  };
  Assertion assertion;
  assertion.id = "A";
  assertion.kind = AssertionKind::Allow;
  assertion.from = pods_of("router");
  assertion.to = pods_of("x0");
  assertion.to.pod_selector = SelectorText{{{"maistra.io/expose-route", "In", {"true"}}}};
  const auto judge = [&](const std::vector<Stage>& stages) {
    return judge_every_step(scene.before, scene.after, stages, assertion);
  };
  const Finding cut = judge(operator_order(scene));
  const auto* violated = std::get_if<Violated>(&cut);
  REQUIRE(violated != nullptr);
  CHECK(violated->src == "router/r");
  CHECK(violated->dst == "x0/e");
  CHECK(violated->all ==
        "in effect: NetworkPolicy x0/istio-mesh is created; not yet: the labels of Namespace x0 "
        "change, NetworkPolicy x0/istio-expose-route is created");
  // In this order the router's policy is there before any other.
  const Finding kept = judge(one_by_one(scene, {2, 1, 0}));
  CHECK(std::holds_alternative<Holds>(kept));
  assertion.kind = AssertionKind::Deny;
  const Finding before = judge(operator_order(scene));
  REQUIRE(std::holds_alternative<Violated>(before));
  CHECK(std::get<Violated>(before).all == "in the state before");
  assertion.from = pods_of("far");
  assertion.to = pods_of("old");
  CHECK(std::holds_alternative<Holds>(judge(any_order(scene))));
  assertion.hops = 2;
  CHECK(std::holds_alternative<Undecided>(judge(any_order(scene))));
}

}  // namespace meshproof
