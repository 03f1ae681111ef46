#include "solver/moments/safe_order.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "solver/moments/bridges.h"
#include "solver/moments/moments.h"
#include "tests/model/mesh_scene.h"
#include "tests/solver/tried_moments.h"
#include "tests/support/yaml.h"

/// SEMANTICS B: the order in which a change is safe, for changes of real meshes.
namespace meshproof {
namespace {

using Words = std::vector<std::vector<std::string>>;

std::string pod(std::string_view ns, std::string_view labels = "app: a") {
  std::string text = R"(
---
apiVersion: v1
kind: Pod
metadata: {name: NAME, namespace: NS, labels: {LABELS}}
spec: {containers: [{name: main}]}
)";
  const auto replace = [&](std::string_view what, std::string_view by) {
    text.replace(text.find(what), what.size(), by);
  };
  replace("NAME", labels == "app: a" ? "a" : "exposed");
  replace("NS", ns);
  replace("LABELS", labels);
  return text;
}

/// The projects of mesh_manifests(), one that is no member, and a router, with pods.
std::string scene(std::string_view more = "") {
  std::string text = mesh_manifests_and(R"(
apiVersion: v1
kind: Namespace
metadata: {name: outside}
---
apiVersion: v1
kind: Namespace
metadata: {name: routers, labels: {network.openshift.io/policy-group: ingress}}
)");
  for (const char* ns : {"old", "shop", "pay", "outside", "routers"}) text += pod(ns);
  text += pod("shop", "maistra.io/expose-route: \"true\"");
  return text + std::string{more};
}

/// The scene with two members of the mesh.
std::string two_members(std::string_view more = "") {
  std::string text = scene(more);
  const std::string_view old_roll = "{members: [old]}";
  return text.replace(text.find(old_roll), old_roll.size(), "{members: [old, pay]}");
}

std::string own_policy(std::string_view ns, std::string_view spec) {
  return "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: own, "
         "namespace: " +
         std::string{ns} + "}\nspec: {" + std::string{spec} + "}\n";
}

constexpr std::string_view kSameNamespace =
    "podSelector: {}, ingress: [{from: [{podSelector: {}}]}]";

const BridgePolicy* bridge_of(const SafeOrder& order, std::string_view ns) {
  const auto found = std::ranges::find(order.bridges, ns, &BridgePolicy::ns);
  return found == order.bridges.end() ? nullptr : &*found;
}

void check_proved(const SafeOrder& order) {
  CHECK(broken_rules(order.order.verdicts).empty());
  CHECK(order.order.verdicts.size() == 3);
  CHECK(order.rollback.reason.empty());
  CHECK(broken_rules(order.rollback.verdicts).empty());
  CHECK(order.rollback.verdicts.size() == 3);
}

}  // namespace

TEST_CASE("a project without policies of its own joins and leaves by bridges") {
  for (const Dialect dialect : {Dialect::Kubernetes, Dialect::OvnKubernetes}) {
    NetworkOptions network;
    network.dialect = dialect;
    const PlayedChange join =
        played_change(scene(), change_of({{members({"old", "shop"})}}), network);
    CHECK(broken_rules(try_moments(join.before, join.after, stages_of(join.prediction))) ==
          std::vector<std::string>{"no-blackhole", "no-pivot"});
    const SafeOrder order = order_of(join);
    REQUIRE(order.kind == OrderKind::Bridges);
    check_proved(order);
    CHECK(order.bridges.size() == 2);  // exposed pods and the others
    CHECK(stage_words(order.order) ==
          Words{{"create NetworkPolicy shop/bridge-0123abcd-1",
                 "create NetworkPolicy shop/bridge-0123abcd-2"},
                {"create NetworkPolicy shop/istio-expose-route-basic",
                 "create NetworkPolicy shop/istio-mesh-basic", "update Namespace shop",
                 "update ServiceMeshMemberRoll mesh/default"},
                {"delete NetworkPolicy shop/bridge-0123abcd-1",
                 "delete NetworkPolicy shop/bridge-0123abcd-2"}});
  }
}

TEST_CASE("a bridge admits just what both states do") {
  const PlayedChange join = played_change(scene(), change_of({{members({"old", "shop"})}}));
  const Bridges bridges =
      bridges_between(join.before, join.after, join.prediction.steps, "0123abcd");
  CHECK(bridges.incomplete.empty());
  REQUIRE(bridges.policies.size() == 2);
  const auto is = [](const Tree& manifest, std::string_view yaml) {
    return *manifest.find("spec") == *trees_from(yaml).at(0).find("spec");
  };
  const std::string head =
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: x}\nspec:\n";
  const std::string members_rule = R"(
  - from:
    - namespaceSelector:
        matchExpressions:
        - {key: kubernetes.io/metadata.name, operator: In, values: [mesh, old, shop]}
      podSelector: {}
)";
  const std::string router_rule = R"(
  - from:
    - namespaceSelector: {matchLabels: {network.openshift.io/policy-group: ingress}}
      podSelector: {}
)";
  const bool first_is_exposed =
      bridges.policies[0].manifest.find_path({"spec", "podSelector", "matchLabels"}) != nullptr;
  const Tree& exposed = bridges.policies[first_is_exposed ? 0 : 1].manifest;
  const Tree& others = bridges.policies[first_is_exposed ? 1 : 0].manifest;
  CHECK(is(others, head + R"(
  podSelector:
    matchExpressions:
    - {key: maistra.io/expose-route, operator: NotIn, values: ["true"]}
  policyTypes: [Ingress]
  ingress:)" + members_rule));
  const bool is_either = is(exposed, head + R"(
  podSelector: {matchLabels: {maistra.io/expose-route: "true"}}
  policyTypes: [Ingress]
  ingress:)" + members_rule + router_rule) ||
                         is(exposed, head + R"(
  podSelector: {matchLabels: {maistra.io/expose-route: "true"}}
  policyTypes: [Ingress]
  ingress:)" + router_rule + members_rule);
  CHECK(is_either);
  CHECK(exposed.string_at({"metadata", "labels", "meshproof.io/bridge"}) == "0123abcd");
}

TEST_CASE("a project that leaves is bridged, too") {
  const PlayedChange leave =
      played_change(two_members(pod("old", "maistra.io/expose-route: \"true\"")),
                    change_of({{members({"pay"})}}));
  CHECK(broken_rules(try_moments(leave.before, leave.after, stages_of(leave.prediction))) ==
        std::vector<std::string>{"no-blackhole", "no-pivot"});
  const SafeOrder order = order_of(leave);
  REQUIRE(order.kind == OrderKind::Bridges);
  check_proved(order);
  const BridgePolicy* bridge = bridge_of(order, "old");
  REQUIRE(bridge != nullptr);
  CHECK(bridge->keeps.find("mesh, old, pay") != std::string::npos);
}

TEST_CASE("a project that isolates itself needs nothing") {
  const PlayedChange join = played_change(scene(own_policy("shop", kSameNamespace)),
                                          change_of({{members({"old", "shop"})}}));
  const SafeOrder order = order_of(join);
  CHECK(order.kind == OrderKind::Operator);
  CHECK(order.bridges.empty());
  CHECK(order.order.stages.size() == 1);
  CHECK_FALSE(order.order.stages.front().barrier.has_value());
  check_proved(order);
}

TEST_CASE("of two projects only the open one is bridged") {
  const PlayedChange join = played_change(scene(own_policy("pay", kSameNamespace)),
                                          change_of({{members({"old", "shop", "pay"})}}));
  const SafeOrder order = order_of(join);
  REQUIRE(order.kind == OrderKind::Bridges);
  check_proved(order);
  CHECK(bridge_of(order, "pay") == nullptr);
  CHECK(bridge_of(order, "shop") != nullptr);
}

/// The naive bridge of verification.md 3.3: all projects that change admit all of them.
TEST_CASE("a bridge that widens a project which isolates itself is a pivot") {
  const std::string state = scene(own_policy("pay", kSameNamespace));
  const auto naive = [](std::string_view ns) {
    return apply(R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: naive, namespace: )" +
                 std::string{ns} + R"(}
spec:
  podSelector: {}
  ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [shop, pay, old, mesh]}]}}]}]
)");
  };
  const Change change = change_of(
      {{naive("shop"), naive("pay")},
       {members({"old", "shop", "pay"})},
       {remove("NetworkPolicy", "shop", "naive"), remove("NetworkPolicy", "pay", "naive")}});
  const PlayedChange join = played_change(state, change);
  CHECK(broken_rules(try_moments(join.before, join.after, stages_of(join.prediction))) ==
        std::vector<std::string>{"no-blackhole", "no-pivot"});
}

TEST_CASE("a project moves from one mesh to another: it leaves, and then it joins") {
  const std::string state = two_members(R"(
---
apiVersion: v1
kind: Namespace
metadata: {name: green}
---
apiVersion: v1
kind: Namespace
metadata: {name: leaf}
---
apiVersion: maistra.io/v2
kind: ServiceMeshControlPlane
metadata: {name: green, namespace: green}
spec: {version: v2.5}
---
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: green}
spec: {members: [leaf]}
)" + pod("leaf"));
  const PlayedChange move = played_change(
      state, change_of({{members({"pay"}), patch("ServiceMeshMemberRoll", "green", "default",
                                                 "{spec: {members: [leaf, old]}}")}}));
  REQUIRE(label_after(move.prediction, "old") == "green");
  const SafeOrder order = order_of(move);
  REQUIRE(order.kind == OrderKind::Bridges);
  check_proved(order);
  REQUIRE(order.order.stages.size() == 4);
  CHECK(stage_words(order.order)[1] ==
        std::vector<std::string>{"delete NetworkPolicy old/istio-expose-route-basic",
                                 "delete NetworkPolicy old/istio-mesh-basic",
                                 "update Namespace old",
                                 "update ServiceMeshMemberRoll mesh/default"});
  CHECK(order.rollback.stages.size() == 4);
}

TEST_CASE("a policy of the change itself can be the bridge") {
  const PlayedChange join = played_change(scene(), change_of({{members({"old", "shop"}), apply(R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: members, namespace: shop}
spec:
  podSelector: {}
  ingress:
  - from:
    - namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [shop, old, mesh, routers]}]}
)")}}));
  const SafeOrder order = order_of(join);
  CHECK(order.kind == OrderKind::Barriers);
  check_proved(order);
  CHECK(order.bridges.empty());
  CHECK(stage_words(order.order).at(0) ==
        std::vector<std::string>{"create NetworkPolicy shop/members"});
  REQUIRE(order.order.stages.at(0).barrier.has_value());
  CHECK(order.order.stages.at(0).barrier->delay_seconds > 0);
}

TEST_CASE("in mode multitenant a join is one step, and no bridge is made") {
  NetworkOptions network;
  network.sdn = SdnMode::Multitenant;
  network.dialect = Dialect::OpenShiftSdn;
  std::string state = scene();
  std::uint32_t netid = 10;
  for (const char* ns : {"mesh", "old", "shop", "pay", "outside", "routers"}) {
    const std::uint32_t id = std::string_view{ns} == "old" ? 10 : netid++;
    state += "---\napiVersion: network.openshift.io/v1\nkind: NetNamespace\nmetadata: {name: " +
             std::string{ns} + "}\nnetname: " + ns + "\nnetid: " + std::to_string(id) + "\n";
  }
  const PlayedChange join = played_change(state, change_of({{members({"old", "shop"})}}), network);
  const SafeOrder order = order_of(join);
  CHECK(order.kind == OrderKind::Operator);
  CHECK(order.bridges.empty());
}

TEST_CASE("a single write that shows itself at two places in turn has no safe order") {
  const std::string state =
      scene(own_policy("outside",
                       "podSelector: {}, ingress: [{from: [{"
                       "namespaceSelector: {matchLabels: {team: b}}}]}]") +
            own_policy("pay",
                       "podSelector: {}, policyTypes: [Egress], egress: [{to: [{"
                       "namespaceSelector: {matchLabels: {team: a}}}]}]"));
  std::string labelled = state;
  const std::string_view plain = "metadata: {name: shop}";
  labelled.replace(labelled.find(plain), plain.size(), "metadata: {name: shop, labels: {team: a}}");
  const PlayedChange relabel = played_change(
      labelled, change_of({{patch("Namespace", "", "shop", "{metadata: {labels: {team: b}}}")}}));
  const SafeOrder order = order_of(relabel);
  REQUIRE(order.kind == OrderKind::None);
  CHECK_FALSE(order.is_found());
  REQUIRE_FALSE(order.conflicts.empty());
  const StepConflict& conflict = order.conflicts.front();
  CHECK(conflict.rule == MomentRule::NoPivot);
  std::vector<std::size_t> places = conflict.in_effect;
  places.insert(places.end(), conflict.pending.begin(), conflict.pending.end());
  REQUIRE_FALSE(places.empty());
  CHECK(relabel.prediction.steps.at(places.front()).key.name == "shop");
  CHECK(order.rollback.stages.empty());
}

TEST_CASE("what the judge leaves open, and a search that is cut, are not known") {
  const PlayedChange join = played_change(scene(), change_of({{members({"old", "shop"})}}));
  SafeOrderOptions options;
  options.predict = join.options;
  options.digest = "0123abcd";
  options.judge = [](const Snapshot&, const Snapshot&, const std::vector<Stage>&) {
    return std::vector<MomentVerdict>{{MomentRule::NoBreach, Undecided{"too large"}, {}}};
  };
  SafeOrder order = find_safe_order(join.before, join.after, join.change, join.prediction, options);
  CHECK(order.kind == OrderKind::Unknown);
  CHECK(order.order.reason == "too large");

  options.judge = try_moments;
  options.most_orders = 0;
  order = find_safe_order(join.before, join.after, join.change, join.prediction, options);
  CHECK(order.kind == OrderKind::Unknown);
  CHECK(order.order.reason == "the search stopped after 0 orders");
}

TEST_CASE("a bridge keeps a router that lives on the hosts' network") {
  NetworkOptions network;
  network.sdn = SdnMode::NetworkPolicy;
  network.dialect = Dialect::OpenShiftSdn;
  const PlayedChange join =
      played_change(scene("---\napiVersion: v1\nkind: Namespace\nmetadata: {name: default, labels: "
                          "{network.openshift.io/policy-group: ingress}}\n"),
                    change_of({{members({"old", "shop"})}}), network);
  const Bridges bridges =
      bridges_between(join.before, join.after, join.prediction.steps, "0123abcd");
  std::size_t routers = 0;
  for (const BridgePolicy& bridge : bridges.policies) {
    for (const Tree& rule : bridge.manifest.find_path({"spec", "ingress"})->items) {
      const Tree& peer = rule.find("from")->items.at(0);
      const bool is_router = peer.find_path({"namespaceSelector", "matchLabels",
                                             "network.openshift.io/policy-group"}) != nullptr;
      routers += is_router ? 1 : 0;
      CHECK((peer.find("podSelector") == nullptr) == is_router);
    }
  }
  CHECK(routers == 1);
}

TEST_CASE("parts of the network that bridges cannot say are told") {
  const PlayedChange swap = played_change(
      scene(own_policy("shop",
                       "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]")),
      change_of({{remove("NetworkPolicy", "shop", "own"), apply(R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: other, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}
)")}}));
  const Bridges bridges = bridges_between(swap.before, swap.after, swap.prediction.steps, "x");
  CHECK(bridges.incomplete.find("no common words") != std::string::npos);
}

/// The judge of the program decides as trying out every moment does.
TEST_CASE("the judge and trying out find the same orders") {
  struct Row {
    std::string state;
    Change change;
  };
  const std::vector<Row> rows{
      {scene(), change_of({{members({"old", "shop"})}})},
      {scene(own_policy("shop", kSameNamespace)), change_of({{members({"old", "shop"})}})},
      {two_members(pod("old", "maistra.io/expose-route: \"true\"")),
       change_of({{members({"pay"})}})},
      {two_members(), change_of({{members({"pay", "shop"})}})},
      {scene(own_policy("pay", kSameNamespace)), change_of({{members({"old", "shop", "pay"})}})},
  };
  for (const Row& row : rows) {
    const PlayedChange played = played_change(row.state, row.change);
    SafeOrderOptions options;
    options.predict = played.options;
    options.digest = "0123abcd";
    options.judge = [](const Snapshot& before, const Snapshot& after,
                       const std::vector<Stage>& stages) {
      return judge_moments(before, after, stages);
    };
    const SafeOrder judged =
        find_safe_order(played.before, played.after, played.change, played.prediction, options);
    const SafeOrder tried = order_of(played);
    CHECK(judged.order.reason.empty());
    CHECK(judged.kind == tried.kind);
    CHECK(stage_words(judged.order) == stage_words(tried.order));
    CHECK(judged.rollback.reason.empty());
  }
}

}  // namespace meshproof
