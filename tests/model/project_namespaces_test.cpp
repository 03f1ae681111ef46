#include <catch2/catch.hpp>

#include "tests/model/projected.h"

namespace meshproof {
namespace {

using Lines = std::vector<std::string>;

/// `name{key=value,…}`, with what is special about it behind.
std::string print(const Namespace& ns, const SymbolTable& symbols) {
  LabelSelector labels;
  for (const auto& label : ns.labels.all()) {
    labels.requirements.push_back({label.key, LabelOperator::In, {label.value}});
  }
  std::string text = ns.name + '{' + to_string(labels, symbols) + '}';
  if (ns.assumed) text += " assumed";
  if (ns.terminating) text += " terminating";
  return text;
}

TEST_CASE("a namespace comes from its object, its Project, or what lies in it") {
  struct Row {
    const char* name;
    const char* yaml;
    std::string printed;
  };
  const auto row = GENERATE(values<Row>({
      {"an object of its own", R"(
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {kubernetes.io/metadata.name: shop, team: a}}
)",
       "shop{kubernetes.io/metadata.name=shop,team=a}"},
      {"the name label is always there", R"(
apiVersion: v1
kind: Namespace
metadata: {name: shop}
)",
       "shop{kubernetes.io/metadata.name=shop}"},
      {"a Project alone", R"(
apiVersion: project.openshift.io/v1
kind: Project
metadata: {name: shop, labels: {team: a}}
)",
       "shop{team=a,kubernetes.io/metadata.name=shop}"},
      {"Namespace and Project are one thing", R"(
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: project.openshift.io/v1
kind: Project
metadata: {name: shop, labels: {team: a}}
)",
       "shop{team=a,kubernetes.io/metadata.name=shop}"},
      {"only referred to", R"(
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: shop}
)",
       "shop{kubernetes.io/metadata.name=shop} assumed"},
      {"terminating", R"(
apiVersion: v1
kind: Namespace
metadata: {name: shop, deletionTimestamp: '2026-01-01T00:00:00Z'}
)",
       "shop{kubernetes.io/metadata.name=shop} terminating"},
  }));
  DYNAMIC_SECTION(row.name) {
    const auto projected = project_text(row.yaml);
    CHECK(lines_of(projected.diagnostics).empty());
    REQUIRE(projected.cluster.namespaces.size() == 1);
    CHECK(print(projected.cluster.namespaces.front(), projected.cluster.symbols) == row.printed);
  }
}

TEST_CASE("a wrong name label is the API server's again, with a warning") {
  const auto projected = project_text(R"(
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    kubernetes.io/metadata.name: bank
)");
  CHECK(lines_of(projected.diagnostics) ==
        Lines{"7: warning[name-label]: label `kubernetes.io/metadata.name` is `bank`; the API "
              "server sets it to `shop`"});
  CHECK(print(projected.cluster.namespaces.front(), projected.cluster.symbols) ==
        "shop{kubernetes.io/metadata.name=shop}");
}

TEST_CASE("a label that is no string is an error and left out") {
  Tree tree = Tree::mapping();
  Tree& metadata = tree.mapping_at("metadata");
  metadata.set("name", Tree::string("shop"));
  metadata.mapping_at("labels").set("version", Tree::number(2));
  ObjectStore objects;
  objects.put({{"", "Namespace", "", "shop"}, ObjectTree{tree}});
  NetworkOptions options;
  options.dialect = Dialect::Kubernetes;
  Diagnostics diagnostics;
  const Cluster cluster = project(objects, options, diagnostics);
  CHECK(lines_of(diagnostics) ==
        Lines{"0: error[wrong-type]: label `version` is the number `2`, not a string: write it in "
              "quotes"});
  CHECK(print(cluster.namespaces.front(), cluster.symbols) ==
        "shop{kubernetes.io/metadata.name=shop}");
}

TEST_CASE("a namespaced object without a namespace is an error") {
  Diagnostics diagnostics;
  ObjectStore objects;
  objects.put({{"", "Pod", "", "web"}, ObjectTree{Tree::mapping()}});
  NetworkOptions options;
  options.dialect = Dialect::Kubernetes;
  CHECK(project(objects, options, diagnostics).pods.empty());
  CHECK(lines_of(diagnostics) ==
        Lines{"0: error[missing-field]: Pod web has no metadata.namespace"});
}

TEST_CASE("a namespace that the input lacks is told where its labels could matter") {
  const std::string pod = "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: gone}}\n";
  const auto told = [&](const std::string& labels) {
    const std::string policy =
        "---\n{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n"
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: n, namespace: "
        "shop}, spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: " +
        labels + "}]}]}}\n";
    return lines_of(project_text(pod + policy).diagnostics);
  };
  CHECK(told("{}").empty());
  CHECK(told("{matchLabels: {kubernetes.io/metadata.name: gone}}").empty());
  CHECK(told("{matchLabels: {team: a}}") ==
        Lines{"1: warning[namespace-assumed]: the input has pods in gone but not the Namespace: "
              "policies that ask for its labels see its name alone"});
}

TEST_CASE("namespaces are sorted and found by name") {
  const auto projected = project_text(R"(
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: bank}
)");
  CHECK(projected.cluster.find_namespace("bank").value == 0);
  CHECK(projected.cluster.find_namespace("shop").value == 1);
  CHECK_FALSE(projected.cluster.find_namespace("mesh").is_valid());
}

}  // namespace
}  // namespace meshproof
