#include "solver/namespace_matrix.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <rapidcheck/catch.h>

#include "model/namespace_matrix.h"
#include "model/project.h"
#include "scenarios/generate.h"
#include "tests/solver/evaluate_case.h"
#include "tests/solver/matrix_agreement.h"
#include "tests/solver/random_oddities.h"
#include "tests/support/yaml.h"

namespace meshproof {
namespace {

/// One pair of a matrix.
struct Seen {
  MatrixCell cell;
  std::vector<Reason> ingress;
  std::vector<Reason> egress;
};

std::size_t place_of(const NamespaceMatrix& matrix, std::string_view name) {
  const auto found = std::ranges::find(matrix.ends, name, &MatrixEnd::name);
  REQUIRE(found != matrix.ends.end());
  return static_cast<std::size_t>(found - matrix.ends.begin());
}

Seen look(const NamespaceMatrix& matrix, std::string_view src, std::string_view dst) {
  const std::size_t from = place_of(matrix, src);
  const std::size_t to = place_of(matrix, dst);
  return {matrix.cells.at(value_at(matrix.rows.at(matrix.cells_of.at(to)), from)),
          matrix.causes.at(value_at(matrix.rows.at(matrix.ingress_of.at(to)), from)),
          matrix.causes.at(value_at(matrix.rows.at(matrix.egress_of.at(from)), to))};
}

std::string namespace_yaml(const std::string& name) {
  return "\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: " + name + "}}\n";
}

std::string pod_yaml(const std::string& ns, const std::string& name) {
  return "\n---\n{apiVersion: v1, kind: Pod, metadata: {name: " + name + ", namespace: " + ns +
         ", labels: {app: " + name + "}}, status: {phase: Running}}\n";
}

Cluster file_cluster(const std::filesystem::path& path, Dialect dialect) {
  std::ifstream file(path);
  std::ostringstream read;
  read << file.rdbuf();
  const std::string text = read.str();
  REQUIRE_FALSE(text.empty());
  return cluster_from(text, in_dialect(dialect));
}

}  // namespace

TEST_CASE("the matrix of projects agrees with evaluate on random clusters", "[agreement]") {
  MatrixAgreement all;
  rc::prop("the matrix of projects agrees with evaluate on random clusters", [&] {
    const Choose choose = [](unsigned count) { return *rc::gen::inRange(0U, count); };
    std::string manifests = random_oddities(choose);
    if (choose(2) == 0) manifests += several_pods();
    const Cluster cluster = common_cluster(manifests, random_network(choose));
    const MatrixAgreement agreement = compare_matrix(cluster);
    RC_LOG(manifests + "\nin " + name_of(cluster.network) + ": " + agreement.difference);
    RC_ASSERT(agreement.difference == "");
    all.cells += agreement.cells;
    all.open += agreement.open;
    all.partly += agreement.partly;
    all.unknown += agreement.unknown;
  });
  // All answers must have come up, or the property says little.
  CHECK(all.open > 0);
  CHECK(all.open < all.cells);
  CHECK(all.partly > 0);
  CHECK(all.unknown > 0);
}

TEST_CASE("the matrix of projects agrees with evaluate on the worked examples", "[agreement]") {
  std::size_t examples = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(MESHPROOF_SOURCE_DIR "/scenarios/library")) {
    if (entry.path().filename() != "cluster.yaml") continue;
    for (const Dialect dialect : {kSdn, kOvn, kKubernetes}) {
      const MatrixAgreement agreement = compare_matrix(file_cluster(entry.path(), dialect));
      INFO(entry.path().string());
      CHECK(agreement.difference == "");
    }
    ++examples;
  }
  CHECK(examples > 10);
}

TEST_CASE("the matrix of projects agrees with evaluate on generated clusters", "[agreement]") {
  for (const Dialect dialect : {kSdn, kOvn, kKubernetes}) {
    ClusterShape shape;
    shape.namespaces = 8;
    shape.pods = 3;
    shape.policies = 4;
    shape.lean = true;
    shape.seed = 1 + static_cast<std::uint64_t>(dialect);
    Diagnostics diagnostics;
    const Cluster cluster = project(generate_objects(shape), in_dialect(dialect), diagnostics);
    CHECK(compare_matrix(cluster).difference == "");
  }
}

TEST_CASE("projects of which some pods are admitted are not alike") {
  std::string manifests = namespace_yaml("shop") + pod_yaml("shop", "web") +
                          policy("shop", "in",
                                 "podSelector: {}, ingress: [{from: [{namespaceSelector: {}, "
                                 "podSelector: {matchLabels: {app: web}}}]}]");
  for (const std::string ns : {"one", "two", "three", "four"}) {
    manifests += namespace_yaml(ns);
    if (ns != "two") manifests += pod_yaml(ns, "cache");
    if (ns != "one") manifests += pod_yaml(ns, "web");
    if (ns == "four") manifests += pod_yaml(ns, "tool");
  }
  const Cluster cluster = cluster_from(manifests, in_dialect(kOvn));
  CHECK(compare_matrix(cluster).difference == "");
  const NamespaceMatrix matrix = namespace_matrix(cluster);
  CHECK(look(matrix, "one", "shop").cell.some.is_empty());
  CHECK(look(matrix, "two", "shop").cell.every.is_all());
  CHECK(look(matrix, "three", "shop").cell.some.is_all());
  CHECK(look(matrix, "three", "shop").cell.every.is_empty());
}

TEST_CASE("the matrix of an empty cluster has blocks alone") {
  const NamespaceMatrix matrix = namespace_matrix(cluster_from(""));
  REQUIRE(matrix.ends.size() == 1);
  CHECK(matrix.ends.front().name == "0.0.0.0/0");
  CHECK(matrix.ends.front().is_outside);
  const Seen seen = look(matrix, "0.0.0.0/0", "0.0.0.0/0");
  CHECK(seen.cell == MatrixCell{});
}

TEST_CASE("a project without pods reaches nobody, and the matrix says why") {
  const NamespaceMatrix matrix = namespace_matrix(
      cluster_from(namespace_yaml("empty") + namespace_yaml("shop") + pod_yaml("shop", "web")));
  CHECK(matrix.ends.at(place_of(matrix, "empty")).pods == 0);
  const Seen to = look(matrix, "shop", "empty");
  CHECK(to.cell == MatrixCell{});
  CHECK(to.ingress.front().text == "the destination has no pod on the pod network");
  CHECK(to.egress.front().text == "the destination has no pod on the pod network");
  const Seen from = look(matrix, "empty", "shop");
  CHECK(from.cell == MatrixCell{});
  CHECK(from.ingress.front().text == "the source has no pod on the pod network");
  CHECK(from.egress.front().text == "the source has no pod on the pod network");
}

TEST_CASE("one pod and itself is no pair, two are") {
  const std::string one = namespace_yaml("shop") + pod_yaml("shop", "web");
  const Seen alone = look(namespace_matrix(cluster_from(one)), "shop", "shop");
  CHECK(alone.cell == MatrixCell{});
  CHECK(alone.ingress.front().text == "there is one pod only: it always reaches itself");
  const Seen both =
      look(namespace_matrix(cluster_from(one + pod_yaml("shop", "db"))), "shop", "shop");
  CHECK(both.cell.some.is_all());
  CHECK(both.cell.every.is_all());
  CHECK(both.ingress.front().rule_id == "P1");
  CHECK(both.ingress.front().text.starts_with("no NetworkPolicy isolates shop/"));
}

TEST_CASE("a cell tells what some pairs and what all pairs have open, and who decides") {
  const std::string lock =
      policy("a", "lock",
             "podSelector: {matchLabels: {app: web}}, ingress: [{from: "
             "[{namespaceSelector: {matchLabels: {team: \"y\"}}}], ports: [{port: "
             "8080}]}]");
  const NamespaceMatrix matrix = namespace_matrix(common_cluster(lock, in_dialect(kOvn)));
  const Seen seen = look(matrix, "b", "a");
  CHECK(seen.cell.some.is_all());
  CHECK(to_string(seen.cell.every) == "TCP 8080");
  CHECK(seen.ingress.front().text.starts_with("no NetworkPolicy isolates a/db"));
  const std::string both = lock + policy("a", "rest", "podSelector: {}");
  const NamespaceMatrix closed = namespace_matrix(common_cluster(both, in_dialect(kOvn)));
  const Seen open = look(closed, "b", "a");
  CHECK(to_string(open.cell.some) == "TCP 8080");
  CHECK(open.cell.every.is_empty());
  CHECK(open.ingress.front().policy == "NetworkPolicy a/lock");
  CHECK(open.ingress.front().rule == 0);
  const Seen refused = look(closed, "default", "a");
  CHECK(refused.cell.some.is_empty());
  CHECK(refused.ingress.front().rule_id == "P1");
  CHECK(refused.egress.front().text.starts_with("no NetworkPolicy isolates default/d for egress"));
  CHECK(look(closed, "0.0.0.0/0", "a").cell.some.is_empty());
}

TEST_CASE("network ids are told where packets arrive") {
  const Cluster cluster = common_cluster("", in_dialect(kSdn, SdnMode::Multitenant));
  CHECK(compare_matrix(cluster).difference == "");
  const Seen seen = look(namespace_matrix(cluster), "default", "b");
  CHECK(seen.ingress.front().rule_id == "SDN-M2");
  CHECK(seen.egress.front().text == "no rule limits what is sent");
}

TEST_CASE("in mode subnet the matrix is open") {
  const Cluster cluster =
      common_cluster(policy("a", "deny", "podSelector: {}"), in_dialect(kSdn, SdnMode::Subnet));
  CHECK(compare_matrix(cluster).difference == "");
  CHECK(look(namespace_matrix(cluster), "b", "a").cell.every.is_all());
}

TEST_CASE("a kind that is not modelled leaves the cells of its project unknown") {
  const std::string object =
      "\n---\n{apiVersion: crd.projectcalico.org/v1, kind: NetworkPolicy, metadata: {name: odd, "
      "namespace: a}, spec: {}}\n";
  const Cluster cluster = common_cluster(object, in_dialect(kKubernetes));
  REQUIRE_FALSE(cluster.unmodelled.empty());
  CHECK(compare_matrix(cluster).difference == "");
  const NamespaceMatrix matrix = namespace_matrix(cluster);
  for (const auto& [src, dst] : {std::pair{"a", "b"}, std::pair{"b", "a"}}) {
    const MatrixCell cell = look(matrix, src, dst).cell;
    CHECK(cell.some.is_empty());
    CHECK(cell.unknown.is_all());
    CHECK(matrix.causes.at(cell.unknown_because).front().rule_id == "U1");
  }
  CHECK(look(matrix, "b", "default").cell.every.is_all());
}

TEST_CASE("a network that is not understood leaves every cell unknown") {
  Cluster cluster = common_cluster("", in_dialect(kKubernetes));
  cluster.network.unknown_because = "nobody knows this plugin";
  const NamespaceMatrix matrix = namespace_matrix(cluster);
  const MatrixCell cell = look(matrix, "a", "b").cell;
  CHECK(cell.some.is_empty());
  CHECK(cell.unknown.is_all());
  CHECK(matrix.causes.at(cell.unknown_because).front().text == "nobody knows this plugin");
}

}  // namespace meshproof
