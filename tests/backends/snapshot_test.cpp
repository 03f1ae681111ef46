#include "backends/snapshot/snapshot.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "backends/snapshot/kinds.h"
#include "model/json_value.h"
#include "model/object.h"
#include "model/unmodelled.h"
#include "tests/backends/fake_cluster.h"

namespace meshproof {
namespace {

using Texts = std::vector<std::string>;

struct Taken {
  SnapshotEnd end;
  Texts items;
};

Taken take(FakeCluster& cluster, const SnapshotOptions& options = {}) {
  Taken taken;
  auto end = take_snapshot(cluster, options, [&](std::string_view item) {
    taken.items.emplace_back(item);
    return true;
  });
  REQUIRE(end.has_value());
  taken.end = std::move(*end);
  return taken;
}

Listing listing_of(const Taken& taken, const Part& part) {
  const auto found = taken.end.coverage.listings.find(part);
  REQUIRE(found != taken.end.coverage.listings.end());
  return found->second;
}

const char* const kPolicy = R"({"metadata":{"name":"deny","namespace":"shop"},"spec":{}})";
const char* const kShop = R"({"metadata":{"name":"shop"}})";

}  // namespace

TEST_CASE("a snapshot asks for every kind that the program knows, and never for Secrets") {
  std::set<std::string> bare;
  for (const ReadKind& kind : read_kinds()) {
    CHECK(kind.kind != "Secret");
    bare.emplace(kind.kind);
    const std::string_view api_version = default_api_version(kind.kind);
    if (group_of(api_version) == kind.group && !api_version.empty()) bare.emplace(kind.kind);
  }
  for (const std::string_view kind : known_kinds()) {
    INFO(kind);
    CHECK((kind == "Project" || bare.contains(std::string{kind})));
  }
  for (const std::string_view kind : unmodelled_kinds()) CHECK(bare.contains(std::string{kind}));
  std::set<std::string> whole;
  for (const ReadKind& kind : read_kinds()) CHECK(whole.insert(kind.full_name()).second);
  for (const std::string_view kind : deciding_kinds()) CHECK(whole.contains(std::string{kind}));
}

TEST_CASE("a snapshot holds the items with their types and without what only the server needs") {
  FakeCluster cluster;
  cluster.serve("v1", "Secret", {R"({"metadata":{"name":"key","namespace":"shop"}})"});
  cluster.serve("networking.k8s.io/v1", "NetworkPolicy",
                {R"({"metadata":{"name":"deny","namespace":"shop","managedFields":[{"x":1}],)"
                 R"("annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}"}},)"
                 R"("spec":{"podSelector":{}}})"});
  cluster.serve("apps/v1", "ReplicaSet",
                {R"({"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web",)"
                 R"("annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}"}}})"});
  cluster.serve("apiextensions.k8s.io/v1", "CustomResourceDefinition",
                {R"({"metadata":{"name":"a.b"},"spec":{"scope":"Cluster","versions":)"
                 R"([{"name":"v1","schema":{"big":true}}]}})"});
  cluster.serve(
      "route.openshift.io/v1", "Route",
      {R"({"metadata":{"name":"web"},"spec":{"tls":{"key":"PRIVATE","certificate":"c"}}})"});
  const Taken taken = take(cluster);
  CHECK(taken.items ==
        Texts{R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",)"
              R"("metadata":{"name":"a.b"},"spec":{"scope":"Cluster","versions":[{"name":"v1"}]}})",
              R"({"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web"}})",
              R"({"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":)"
              R"("deny","namespace":"shop","annotations":)"
              R"({"kubectl.kubernetes.io/last-applied-configuration":"{}"}},)"
              R"("spec":{"podSelector":{}}})",
              R"({"apiVersion":"route.openshift.io/v1","kind":"Route","metadata":{"name":"web"},)"
              R"("spec":{"tls":{"key":"redacted","certificate":"c"}}})"});
  CHECK(std::ranges::none_of(cluster.asked,
                             [](const Collection& each) { return each.kind == "Secret"; }));
}

TEST_CASE("a snapshot says who asked whom and when, and which cluster it is") {
  FakeCluster cluster;
  cluster.serve("v1", "Namespace", {R"({"metadata":{"name":"kube-system","uid":"u-1"}})"});
  cluster.serve("config.openshift.io/v1", "ClusterVersion",
                {R"({"metadata":{"name":"version"},"spec":{"clusterID":"c-1"}})"});
  cluster.shelves[{"v1", "Namespace", {}}].resource_version = "41";
  cluster.shelves[{"config.openshift.io/v1", "ClusterVersion", {}}].resource_version = "43";
  const Taken taken = take(cluster, {.time = "2026-11-28T07:00:00Z"});
  REQUIRE(taken.end.coverage.origins.size() == 1);
  CHECK(taken.end.coverage.origins[0] == Origin{.name = "https://api.test:6443",
                                                .form = OriginForm::Snapshot,
                                                .server = "https://api.test:6443",
                                                .identity = "system:serviceaccount:ci:reader",
                                                .time = "2026-11-28T07:00:00Z",
                                                .resource_version = "41"});
  CHECK(taken.end.coverage.cluster.cluster_id == "c-1");
  CHECK(taken.end.coverage.cluster.kube_system_uid == "u-1");
  CHECK(taken.end.resource_versions ==
        std::map<std::string, std::string>{{"Namespace", "41"},
                                           {"config.openshift.io/ClusterVersion", "43"}});
  CHECK(taken.end.coverage.objects == 2);
}

TEST_CASE("the ledger of a snapshot tells listed, empty and not served kinds") {
  FakeCluster cluster;
  cluster.serve("networking.k8s.io/v1", "NetworkPolicy", {kPolicy});
  cluster.serve("v1", "Pod");
  const Taken taken = take(cluster);
  CHECK(listing_of(taken, {"networking.k8s.io/NetworkPolicy", ""}).objects == 1);
  CHECK(listing_of(taken, {"Pod", ""}).collected == Collected::Listed);
  CHECK(listing_of(taken, {"Pod", ""}).objects == 0);
  const Listing routes = listing_of(taken, {"route.openshift.io/Route", ""});
  CHECK(routes.collected == Collected::Listed);
  CHECK(routes.reason == "the server does not serve this kind");
  CHECK(taken.end.coverage.listings.size() == read_kinds().size());
  CHECK_FALSE(taken.end.coverage.lacks({"networking.k8s.io/NetworkPolicy", "shop"}));
}

TEST_CASE("what may not be listed everywhere is asked for in each namespace") {
  FakeCluster cluster;
  cluster.serve("v1", "Namespace", {kShop, R"({"metadata":{"name":"pay"}})"});
  cluster.refuse("networking.k8s.io/v1", "NetworkPolicy", forbidden("User \"ci\" cannot list"));
  cluster.shelves[{"networking.k8s.io/v1", "NetworkPolicy", "shop"}].items = {kPolicy};
  cluster.shelves[{"networking.k8s.io/v1", "NetworkPolicy", "pay"}].error = forbidden("not there");
  cluster.serve("v1", "Pod", {R"({"metadata":{"name":"web","namespace":"shop"}})"});
  const Taken taken = take(cluster);
  const std::string kind = "networking.k8s.io/NetworkPolicy";
  CHECK(listing_of(taken, {kind, ""}).collected == Collected::Denied);
  CHECK(listing_of(taken, {kind, ""}).reason == "User \"ci\" cannot list");
  CHECK_FALSE(taken.end.coverage.lacks({kind, "shop"}));
  CHECK(taken.end.coverage.find({kind, "pay"}).collected == Collected::Denied);
  CHECK(taken.items.size() == 4);
}

TEST_CASE("who may not list Namespaces is shown the Projects that they may see") {
  FakeCluster cluster;
  cluster.refuse("v1", "Namespace", forbidden("no"));
  cluster.serve("project.openshift.io/v1", "Project", {kShop});
  cluster.refuse("v1", "Pod", forbidden("no"));
  const Taken taken = take(cluster);
  CHECK(taken.items == Texts{R"({"apiVersion":"project.openshift.io/v1","kind":"Project",)"
                             R"("metadata":{"name":"shop"}})"});
  CHECK(listing_of(taken, {"Namespace", ""}).collected == Collected::Denied);
  CHECK(std::ranges::find(cluster.asked, Collection{"v1", "Pod", "shop"}) != cluster.asked.end());
}

TEST_CASE("a snapshot of some namespaces asks for nothing in others") {
  FakeCluster cluster;
  cluster.serve("v1", "Namespace", {kShop, R"({"metadata":{"name":"pay"}})"});
  cluster.serve("v1", "Node", {R"({"metadata":{"name":"n1"}})"});
  cluster.serve("v1", "Pod");
  cluster.shelves[{"v1", "Pod", "shop"}].items = {R"({"metadata":{"name":"web"}})"};
  const Taken taken = take(cluster, {.namespaces = {"shop"}});
  CHECK(taken.items.size() == 4);
  CHECK(listing_of(taken, {"Pod", "shop"}).collected == Collected::Listed);
  CHECK(taken.end.coverage.find({"Pod", "pay"}).collected == Collected::Never);
  CHECK(listing_of(taken, {"Pod", ""}).reason == "asked for only in shop");
  CHECK(std::ranges::find(cluster.asked, Collection{"v1", "Pod", ""}) == cluster.asked.end());
}

TEST_CASE("a list that breaks is cut off, or never collected if nothing came") {
  FakeCluster cluster;
  const ClusterError broken{.refusal = Refusal::Failed, .status = 500, .message = "etcd is away"};
  cluster.serve("networking.k8s.io/v1", "NetworkPolicy", {kPolicy});
  cluster.shelves[{"networking.k8s.io/v1", "NetworkPolicy", {}}].error = broken;
  cluster.refuse("v1", "Pod", broken);
  cluster.serve("v1", "Service", {"{\"metadata\": "});
  const Taken taken = take(cluster);
  const Listing policies = listing_of(taken, {"networking.k8s.io/NetworkPolicy", ""});
  CHECK(policies.collected == Collected::CutOff);
  CHECK(policies.objects == 1);
  CHECK(policies.reason == "etcd is away");
  CHECK(listing_of(taken, {"Pod", ""}).collected == Collected::Never);
  CHECK(listing_of(taken, {"Service", ""}).collected == Collected::CutOff);
}

TEST_CASE("a group whose server is away is not taken for one that is not served") {
  FakeCluster cluster;
  cluster.silent["route.openshift.io"] = {
      .refusal = Refusal::Failed, .status = 503, .message = "the server is currently unable"};
  const Taken taken = take(cluster);
  const Listing routes = listing_of(taken, {"route.openshift.io/Route", ""});
  CHECK(routes.collected == Collected::Never);
  CHECK(routes.reason == "the server is currently unable");
  CHECK(listing_of(taken, {"apps.openshift.io/DeploymentConfig", ""}).collected ==
        Collected::Listed);
}

TEST_CASE("without an answer or with credentials that do not count there is no snapshot") {
  for (const Refusal refusal : {Refusal::Unreachable, Refusal::Unauthorized}) {
    FakeCluster cluster;
    cluster.refuse("v1", "Pod", {.refusal = refusal, .message = "gone"});
    const auto end = take_snapshot(cluster, {}, [](std::string_view) { return true; });
    REQUIRE_FALSE(end.has_value());
    CHECK(end.error().refusal == refusal);
  }
}

TEST_CASE("who takes no more ends a snapshot") {
  FakeCluster cluster;
  cluster.serve("v1", "Namespace", {kShop, kShop});
  cluster.serve("v1", "Pod", {kShop});
  std::size_t taken = 0;
  const auto end = take_snapshot(cluster, {}, [&](std::string_view) { return ++taken != 1; });
  REQUIRE(end.has_value());
  CHECK(taken == 1);
  CHECK(cluster.asked.size() == 1);
}

TEST_CASE("a snapshot tells how far it is") {
  FakeCluster cluster;
  cluster.serve("v1", "Pod", Texts(1200, R"({"metadata":{"name":"web"}})"));
  Texts told;
  take(cluster, {.progress = [&](const SnapshotProgress& progress) {
         CHECK(progress.kinds == read_kinds().size());
         if (progress.kind == "Pod")
           told.push_back(progress.kind + ' ' + std::to_string(progress.objects));
       }});
  CHECK(told == Texts{"Pod 0", "Pod 500", "Pod 1000"});
}

}  // namespace meshproof
