#include "model/execution_stages.h"

#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

Tree tree_from(const std::string& yaml) { return trees_from(yaml).front(); }

Step step_of(Verb verb, Step::Writer writer, const std::string& yaml) {
  Step step;
  step.verb = verb;
  step.writer = writer;
  step.object = tree_from(yaml);
  step.key = key_of(step.object);
  step.api_version = step.object.string_at({"apiVersion"});
  step.project = "shop";
  step.reason = "because";
  if (verb == Verb::Delete) step.object = Tree::null();
  return step;
}

constexpr auto kUser = Step::Writer::User;
constexpr auto kMesh = Step::Writer::Operator;

std::string ns(const std::string& more) {
  return "{apiVersion: v1, kind: Namespace, metadata: {name: shop" + more + "}}";
}
const std::string kPolicy =
    "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy,"
    " metadata: {name: p, namespace: shop}, spec: {podSelector: {}}}";
const std::string kMember = ", labels: {maistra.io/member-of: mesh}";

}  // namespace

TEST_CASE("stages have each object before and after each write, as played so far") {
  const ObjectStore objects = objects_from(
      "{apiVersion: v1, kind: Namespace, metadata: {name: shop, uid: u, resourceVersion: '7',"
      " labels: {a: b}, finalizers: [x/y], generation: 4}, status: {phase: Active}}");
  OrderStage first;
  first.writes = {step_of(Verb::Create, kUser, kPolicy),
                  step_of(Verb::Update, kMesh, ns(", labels: {a: c}"))};
  first.barrier = Barrier{{}, 30, "wait"};
  OrderStage second;
  second.writes = {step_of(Verb::Update, kMesh, ns(", labels: {a: d}")),
                   step_of(Verb::Delete, kUser, kPolicy)};
  const auto stages = execution_stages({first, second}, objects, {});
  REQUIRE(stages.size() == 2);
  CHECK(stages[0].delay_seconds == 30);
  CHECK(stages[1].delay_seconds == 0);
  REQUIRE(stages[0].writes.size() == 2);
  const PlannedWrite& create = stages[0].writes[0];
  CHECK_FALSE(create.before);
  CHECK(create.after == tree_from(kPolicy));
  CHECK(create.writer == kUser);
  CHECK(create.api_version == "networking.k8s.io/v1");
  CHECK(create.project == "shop");
  CHECK(create.reason == "because");
  // Without what only a server writes, finalizers and status.
  const Tree& before = *stages[0].writes[1].before;
  CHECK(before.find_path({"metadata", "uid"}) == nullptr);
  CHECK(before.find_path({"metadata", "resourceVersion"}) == nullptr);
  CHECK(before.find_path({"metadata", "finalizers"}) == nullptr);
  CHECK(before.find_path({"metadata", "generation"}) == nullptr);
  CHECK(before.find("status") == nullptr);
  CHECK(before.string_at({"metadata", "labels", "a"}) == "b");
  REQUIRE(stages[1].writes.size() == 2);
  CHECK(stages[1].writes[0].before == stages[0].writes[1].after);
  CHECK(stages[1].writes[1].before == tree_from(kPolicy));
  CHECK_FALSE(stages[1].writes[1].after);
}

TEST_CASE("writes that change nothing but finalizers are left out") {
  const ObjectStore objects = objects_from(ns(", labels: {a: b}"));
  OrderStage stage;
  stage.writes = {step_of(Verb::Update, kMesh, ns(", labels: {a: b}, finalizers: [x/y]")),
                  step_of(Verb::Delete, kUser, kPolicy)};
  const auto stages = execution_stages({stage}, objects, {});
  REQUIRE(stages.size() == 1);
  CHECK(stages[0].writes.empty());
  CHECK(execution_stages({}, objects, {}).empty());
}

TEST_CASE("members are waited for where the operator labels, and only those it will configure") {
  const ObjectStore objects = objects_from(ns(""));
  OrderStage join;
  join.writes = {step_of(Verb::Update, kMesh, ns(kMember))};
  OrderStage move;
  move.writes = {step_of(Verb::Update, kMesh, ns(", labels: {maistra.io/member-of: other}"))};
  const auto stages = execution_stages({join, move}, objects, {});
  CHECK(stages[0].members == std::vector<MemberEffect>{{"mesh", "shop", true}});
  CHECK(stages[1].members ==
        std::vector<MemberEffect>{{"mesh", "shop", false}, {"other", "shop", true}});
  CHECK(execution_stages({join}, objects, {"shop"})[0].members.empty());

  // A user's own label is no membership, nor one that comes and goes within a stage.
  join.writes[0].writer = kUser;
  CHECK(execution_stages({join}, objects, {})[0].members.empty());
  OrderStage nothing;
  nothing.writes = {step_of(Verb::Update, kMesh, ns(kMember)),
                    step_of(Verb::Update, kMesh, ns(""))};
  CHECK(execution_stages({nothing}, objects, {})[0].members.empty());
}

TEST_CASE("a plan rests on all objects of the kinds that decide, and on kinds that are complete") {
  const ObjectStore objects = objects_from(R"(
apiVersion: v1
kind: Namespace
metadata: {name: shop, uid: u-1, resourceVersion: "7"}
---
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {}}
)");
  const auto digest = [](std::string_view text) { return std::to_string(text.size()); };
  Execution execution;
  add_basis(execution, objects, {}, digest);
  REQUIRE(execution.basis.size() == 2);
  CHECK(execution.basis[0].key.kind == "Namespace");
  CHECK(execution.basis[0].uid == "u-1");
  CHECK(execution.basis[0].resource_version == "7");
  const Tree& policy = *objects.find({"networking.k8s.io", "NetworkPolicy", "shop", "p"})->tree;
  CHECK(execution.basis[1].digest == digest(canonical_json(content_of(policy))));
  CHECK(execution.basis[1].uid.empty());
  CHECK(execution.basis_kinds.size() == basis_kinds().size());

  Coverage coverage;
  coverage.add({"networking.k8s.io/NetworkPolicy", ""}, {Collected::Denied});
  Execution lacking;
  add_basis(lacking, objects, coverage, digest);
  CHECK(lacking.basis.size() == 2);
  CHECK(lacking.basis_kinds.size() == basis_kinds().size() - 1);
  CHECK(std::find(lacking.basis_kinds.begin(), lacking.basis_kinds.end(), "NetworkPolicy") ==
        lacking.basis_kinds.end());
}
