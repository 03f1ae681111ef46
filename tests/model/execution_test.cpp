#include "model/execution.h"

#include <set>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "model/execution_run.h"
#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

Tree tree_from(const std::string& yaml) { return trees_from(yaml).front(); }

Tree policy(const std::string& name) {
  return tree_from("{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: " +
                   name + ", namespace: shop}, spec: {podSelector: {}}}");
}

PlannedWrite write_of(Step::Writer writer, std::optional<Tree> before, std::optional<Tree> after) {
  const Tree& either = after ? *after : *before;
  ObjectKey key = key_of(either);
  return {writer, std::move(key), "networking.k8s.io/v1", std::move(before), std::move(after),
          "shop", "why"};
}

Execution sample() {
  Execution execution;
  execution.program = "0.1.0";
  execution.cluster = {"c", "id", "uid"};
  execution.server = "https://api";
  execution.time = "now";
  execution.operator_release = "2.5.1";
  execution.inputs = {{"a.yaml", "11"}};
  execution.basis_kinds = {"Namespace"};
  execution.basis = {{{"", "Namespace", "", "shop"}, "u", "7", "22"}};
  execution.order = "operator";
  ExecutionStage stage{
      {write_of(Step::Writer::User, std::nullopt, policy("p"))}, {{"mesh", "shop", true}}, 30};
  execution.stages = {stage};
  execution.rollback = {
      {{write_of(Step::Writer::User, policy("p"), std::nullopt)}, {{"mesh", "shop", false}}, 0}};
  execution.objections = {"tenancy does not hold"};
  return execution;
}

}  // namespace

TEST_CASE("the canonical text is another one whenever anything of an execution is another") {
  std::set<std::string> texts{canonical_text(sample())};
  std::size_t count = 1;
  const auto differs = [&](const auto& change) {
    Execution execution = sample();
    change(execution);
    texts.insert(canonical_text(execution));
    ++count;
    CHECK(texts.size() == count);
  };
  differs([](Execution& e) { e.program = "0.2.0"; });
  differs([](Execution& e) { e.cluster.name = "d"; });
  differs([](Execution& e) { e.cluster.cluster_id = "d"; });
  differs([](Execution& e) { e.cluster.kube_system_uid = "d"; });
  differs([](Execution& e) { e.server = "x"; });
  differs([](Execution& e) { e.time = "then"; });
  differs([](Execution& e) { e.operator_release = "2.6.0"; });
  differs([](Execution& e) { e.inputs.clear(); });
  differs([](Execution& e) { e.inputs[0].name = "b.yaml"; });
  differs([](Execution& e) { e.inputs[0].sha256 = "12"; });
  differs([](Execution& e) { e.basis_kinds = {"Namespace", "Network"}; });
  differs([](Execution& e) { e.basis[0].key.name = "pay"; });
  differs([](Execution& e) { e.basis[0].uid = "v"; });
  differs([](Execution& e) { e.basis[0].resource_version = "8"; });
  differs([](Execution& e) { e.basis[0].digest = "23"; });
  differs([](Execution& e) { e.order = "bridges"; });
  differs([](Execution& e) { e.objections.clear(); });
  differs([](Execution& e) { e.objections.emplace_back("more"); });
  differs([](Execution& e) { e.rollback.clear(); });
  differs([](Execution& e) { std::swap(e.stages, e.rollback); });
  differs([](Execution& e) { e.stages.emplace_back(); });
  differs([](Execution& e) { e.stages[0].delay_seconds = 31; });
  differs([](Execution& e) { e.stages[0].members[0].configured = false; });
  differs([](Execution& e) { e.stages[0].members[0].mesh = "other"; });
  differs([](Execution& e) { e.stages[0].members[0].ns = "other"; });
  differs([](Execution& e) { e.stages[0].writes[0].writer = Step::Writer::Operator; });
  differs([](Execution& e) { e.stages[0].writes[0].key.name = "q"; });
  differs([](Execution& e) { e.stages[0].writes[0].key.group = "extensions"; });
  differs([](Execution& e) { e.stages[0].writes[0].api_version = "v2"; });
  differs([](Execution& e) { e.stages[0].writes[0].project = "x"; });
  differs([](Execution& e) { e.stages[0].writes[0].reason = "x"; });
  differs([](Execution& e) { e.stages[0].writes[0].before = policy("p"); });
  differs([](Execution& e) { e.stages[0].writes[0].after = policy("q"); });
  differs([](Execution& e) { e.stages[0].writes[0].after.reset(); });
}

TEST_CASE("neither the digest nor the order of fields is part of the canonical text") {
  Execution execution = sample();
  execution.digest = "whatever";
  CHECK(canonical_text(execution) == canonical_text(sample()));
  Tree& after = *execution.stages[0].writes[0].after;
  std::swap(after.fields.front(), after.fields.back());
  CHECK(canonical_text(execution) == canonical_text(sample()));
  const Tree one = Tree::mapping({{"b", Tree::number(1)}, {"a", Tree::string("x")}});
  const Tree other = Tree::mapping({{"a", Tree::string("x")}, {"b", Tree::number(1)}});
  CHECK(canonical_json(one) == canonical_json(other));
  CHECK(canonical_json(one).find("\"a\"") < canonical_json(one).find("\"b\""));
}

TEST_CASE("no value can pretend to be the line after it") {
  Execution execution = sample();
  execution.objections = {"a\nobjection \"b\""};
  Execution two = sample();
  two.objections = {"a", "b"};
  CHECK(canonical_text(execution) != canonical_text(two));
  execution = sample();
  execution.server = "x\" \ntime \"y";
  CHECK(canonical_text(execution).find("\ntime \"y") == std::string::npos);
}

TEST_CASE("the content of an object is what a plan can rest on") {
  const Tree planned = tree_from(R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop, labels: {a: b}}
spec: {podSelector: {}}
)");
  const Tree live = tree_from(R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: p
  namespace: shop
  uid: u-1
  resourceVersion: "7"
  generation: 2
  creationTimestamp: "2026-01-01T00:00:00Z"
  finalizers: [a/b]
  ownerReferences: []
  labels: {a: b}
  annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}"}
spec: {podSelector: {}, policyTypes: [Ingress]}
status: {}
)");
  CHECK(content_of(planned) == content_of(live));
  CHECK(content_of(live).find_path({"metadata", "annotations"}) == nullptr);
  Tree labelled = live;
  labelled.find("metadata")->find("labels")->set("c", Tree::string("d"));
  CHECK_FALSE(content_of(labelled) == content_of(live));
  Tree noted = live;
  noted.find("metadata")->find("annotations")->set("c", Tree::string("d"));
  CHECK(content_of(noted).string_at({"metadata", "annotations", "c"}) == "d");
  Tree egress = live;
  egress.find("spec")->set("policyTypes", Tree::strings({"Ingress", "Egress"}));
  CHECK_FALSE(content_of(egress) == content_of(live));
}

TEST_CASE("a write is a creation, an update or a deletion, and somebody's") {
  using Writer = Step::Writer;
  const PlannedWrite create = write_of(Writer::User, std::nullopt, policy("p"));
  const PlannedWrite update = write_of(Writer::Operator, policy("p"), policy("p"));
  const PlannedWrite erase = write_of(Writer::SdnMaster, policy("p"), std::nullopt);
  CHECK(create.verb() == Verb::Create);
  CHECK(update.verb() == Verb::Update);
  CHECK(erase.verb() == Verb::Delete);
  CHECK(is_ours(create, Via::Roll));
  CHECK(is_ours(create, Via::Objects));
  CHECK_FALSE(is_ours(update, Via::Roll));
  CHECK(is_ours(update, Via::Objects));
  CHECK_FALSE(is_ours(erase, Via::Objects));
  CHECK_FALSE(is_ours(write_of(Writer::Others, {}, policy("p")), Via::Objects));
  CHECK(to_string(Via::Roll) == "roll");
  CHECK(to_string(Via::Objects) == "objects");
}

TEST_CASE("kinds on which a plan rests are those of their own group") {
  CHECK(is_basis_kind({"networking.k8s.io", "NetworkPolicy", "shop", "p"}));
  CHECK(is_basis_kind({"", "Namespace", "", "shop"}));
  CHECK_FALSE(is_basis_kind({"crd.antrea.io", "NetworkPolicy", "shop", "p"}));
  CHECK_FALSE(is_basis_kind({"", "Pod", "shop", "p"}));
}

TEST_CASE("the ends of a run and what changed meanwhile have words") {
  CHECK(to_string(ExecutionEnd::After) == "after");
  CHECK(to_string(ExecutionEnd::Before) == "before");
  CHECK(to_string(ExecutionEnd::Stopped) == "stopped");
  CHECK(to_string(Way::There) == "there");
  CHECK(to_string(Way::Back) == "back");
  CHECK(words_of(BasisChange::Kind::Appeared) == "is new");
  CHECK(words_of(BasisChange::Kind::Vanished) == "is gone");
  CHECK(words_of(BasisChange::Kind::Changed) == "is not as it was");
}

TEST_CASE("an empty list is no list, as the API server keeps policies") {
  const auto objects = trees_from(R"(
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: none, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress], ingress: []}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: none, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress]}
)");
  CHECK(content_of(objects[0]) == content_of(objects[1]));
  CHECK(content_of(objects[0]).find_path({"spec", "podSelector"}) != nullptr);
}
