#include <algorithm>
#include <chrono>
#include <set>

#include <catch2/catch.hpp>

#include "backends/json_tree.h"
#include "tests/backends/live_server.h"

using namespace meshproof;
using namespace std::chrono_literals;

namespace {

std::string version_of(const Tree& object) {
  return std::string{object.string_at({"metadata", "resourceVersion"})};
}

std::string value_of(const Tree& object) {
  return std::string{object.string_at({"data", "value"})};
}

Tree with_version(Tree object, const std::string& version) {
  object.mapping_at("metadata").set("resourceVersion", Tree::string(version));
  return object;
}

}  // namespace

TEST_CASE("a live cluster says who we are and what it serves", "[apiserver]") {
  for (const std::string context : {"kubeenv", "kubeenv-token"}) {
    const auto address = live_server(context);
    if (!address) return;
    const auto cluster = live_cluster(*address);
    const auto user = cluster->user();
    REQUIRE(user);
    CHECK(*user == (context == "kubeenv" ? "admin" : "token-admin"));
    const auto served = cluster->served();
    REQUIRE(served);
    const auto find = [&](const std::string& kind) {
      return std::ranges::find(served->kinds, kind, &ServedKind::kind);
    };
    REQUIRE(find("NetworkPolicy") != served->kinds.end());
    CHECK(find("NetworkPolicy")->api_version == "networking.k8s.io/v1");
    CHECK(find("NetworkPolicy")->plural == "networkpolicies");
    CHECK(find("NetworkPolicy")->is_namespaced);
    CHECK_FALSE(find("Namespace")->is_namespaced);
    CHECK(find("HorizontalPodAutoscaler")->api_version == "autoscaling/v2");
    CHECK(find("SelfSubjectReview") == served->kinds.end());
    CHECK(cluster->may({"create", "networking.k8s.io/v1", "NetworkPolicy"}) == true);
  }
}

TEST_CASE("objects of a live cluster are created, read, merged and removed", "[apiserver]") {
  const auto address = live_server();
  if (!address) return;
  const auto cluster = live_cluster(*address);
  const std::string ns = new_namespace(*cluster);
  const ObjectKey key = config_map_key(ns, "a");
  CHECK(cluster->get(key, "v1").value() == std::nullopt);

  const auto created = cluster->create(config_map(ns, "a", "1"));
  REQUIRE(created);
  CHECK(value_of(*created) == "1");
  CHECK(cluster->create(config_map(ns, "a", "1")).error().refusal == Refusal::Exists);
  CHECK(value_of(**cluster->get(key, "v1")) == "1");

  const auto patch_of = [](const std::string& value, const std::string& version) {
    return with_version(Tree::mapping({{"data", Tree::mapping({{"value", Tree::string(value)}})}}),
                        version);
  };
  const auto merged = cluster->merge(key, "v1", patch_of("2", version_of(*created)));
  REQUIRE(merged);
  CHECK(value_of(*merged) == "2");
  const auto stale = cluster->merge(key, "v1", patch_of("3", version_of(*created)));
  REQUIRE_FALSE(stale);
  CHECK(stale.error().refusal == Refusal::Conflict);
  CHECK(stale.error().status == 409);
  CHECK(value_of(**cluster->get(key, "v1")) == "2");

  const std::string uid{created->string_at({"metadata", "uid"})};
  CHECK(cluster->remove(key, "v1", "another-uid", "").error().refusal == Refusal::Conflict);
  CHECK(cluster->remove(key, "v1", uid, version_of(*created)).error().refusal == Refusal::Conflict);
  CHECK(cluster->remove(key, "v1", uid, version_of(*merged)) == true);
  CHECK(cluster->remove(key, "v1", "", "") == false);
  CHECK(cluster->merge(key, "v1", patch_of("4", "")).error().refusal == Refusal::Conflict);
}

TEST_CASE("server-side apply makes an object, changes it and respects its version", "[apiserver]") {
  const auto address = live_server();
  if (!address) return;
  const auto cluster = live_cluster(*address);
  const std::string ns = new_namespace(*cluster);
  const auto first = cluster->apply(config_map(ns, "a", "1"));
  REQUIRE(first);
  CHECK(first->find_path({"metadata", "managedFields"})->items.front().string_at({"manager"}) ==
        "meshproof");
  const auto same = cluster->apply(config_map(ns, "a", "1"));
  REQUIRE(same);
  CHECK(version_of(*same) == version_of(*first));
  const auto second = cluster->apply(with_version(config_map(ns, "a", "2"), version_of(*first)));
  REQUIRE(second);
  CHECK(value_of(*second) == "2");
  const auto stale = cluster->apply(with_version(config_map(ns, "a", "3"), version_of(*first)));
  REQUIRE_FALSE(stale);
  CHECK(stale.error().refusal == Refusal::Conflict);
  // What was read can be applied as it is.
  CHECK(cluster->apply(*second));
  const auto gone = cluster->apply(with_version(config_map(ns, "b", "1"), version_of(*first)));
  REQUIRE_FALSE(gone);
  CHECK(gone.error().refusal == Refusal::Conflict);
  Tree wrong = config_map(ns, "c", "1");
  wrong.set("dta", Tree::mapping());
  CHECK(cluster->apply(wrong).error().refusal == Refusal::Invalid);
}

TEST_CASE("what a live cluster refuses is told", "[apiserver]") {
  auto address = live_server("kubeenv-token");
  if (!address) return;
  const auto cluster = live_cluster(*address);
  const auto unknown = cluster->get({"no.such", "Kind", "a", "b"}, "no.such/v1");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().refusal == Refusal::NotServed);
  CHECK(unknown.error().message == "no.such/v1 Kind is not served");
  const auto nowhere = cluster->create(config_map("no-such-project", "a", "1"));
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().refusal == Refusal::Invalid);
  CHECK(nowhere.error().message == "namespaces \"no-such-project\" not found");
  Tree invalid = config_map("default", "Not_A_Name", "1");
  const auto refused = cluster->create(invalid);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().refusal == Refusal::Invalid);
  CHECK(refused.error().status == 422);
  CHECK(refused.error().message.find("metadata.name") != std::string::npos);

  const std::string token = address->credentials.token;
  address->credentials.token = "not-the-token-we-have";
  const auto stranger = live_cluster(*address)->served();
  REQUIRE_FALSE(stranger);
  CHECK(stranger.error().refusal == Refusal::Unauthorized);
  CHECK(stranger.error().message.find("not-the-token") == std::string::npos);
  address->credentials.token.clear();
  const auto anonymous = live_cluster(*address)->served();
  REQUIRE_FALSE(anonymous);
  CHECK(anonymous.error().refusal == Refusal::Forbidden);
  CHECK(anonymous.error().message.find("system:anonymous") != std::string::npos);
}

TEST_CASE("1,200 objects of a live cluster come page by page", "[apiserver]") {
  const auto address = live_server();
  if (!address) return;
  const auto cluster = live_cluster(*address);
  const std::string ns = new_namespace(*cluster);
  constexpr std::size_t kCount = 1200;
  for (std::size_t i = 0; i < kCount; ++i) {
    REQUIRE(cluster->create(config_map(ns, "c" + std::to_string(i), "1")));
  }
  std::set<std::string> names;
  std::size_t count = 0;
  const auto take = [&](std::string_view text) {
    const auto tree = tree_of_json(text);
    REQUIRE(tree);
    CHECK(tree->string_at({"kind"}) == "ConfigMap");
    CHECK(tree->string_at({"apiVersion"}) == "v1");
    names.emplace(tree->string_at({"metadata", "name"}));
    ++count;
    return true;
  };
  const auto end = cluster->list({"v1", "ConfigMap", ns}, take);
  REQUIRE(end);
  CHECK_FALSE(end->resource_version.empty());
  CHECK(count == kCount);
  CHECK(names.size() == kCount);
  std::size_t taken = 0;
  CHECK(cluster->list({"v1", "ConfigMap", ns}, [&](std::string_view) { return ++taken < 3; }));
  CHECK(taken == 3);
  CHECK(cluster->list({"v1", "NetworkPolicy", ns}, take).error().refusal == Refusal::NotServed);
}

TEST_CASE("a live cluster is observed", "[apiserver]") {
  const auto address = live_server();
  if (!address) return;
  const auto cluster = live_cluster(*address);
  const auto writer = live_cluster(*address);
  const std::string ns = new_namespace(*cluster);
  REQUIRE(cluster->create(config_map(ns, "a", "1")));
  auto observed =
      cluster->observe({{"v1", "ConfigMap", ns}, {"networking.k8s.io/v1", "NetworkPolicy", ns}});
  REQUIRE(observed);
  Observation& observation = **observed;
  CHECK(value_of(observation.objects().at(config_map_key(ns, "a"))) == "1");
  CHECK(observation.wait(300ms) == false);
  REQUIRE(writer->create(config_map(ns, "b", "1")));
  REQUIRE(writer->apply(config_map(ns, "a", "2")));
  const auto start = std::chrono::steady_clock::now();
  while (value_of(observation.objects().at(config_map_key(ns, "a"))) != "2") {
    REQUIRE(observation.wait(20s) == true);
  }
  CHECK(observation.objects().contains(config_map_key(ns, "b")));
  REQUIRE(writer->remove(config_map_key(ns, "b"), "v1", "", ""));
  REQUIRE(observation.wait(20s) == true);
  CHECK_FALSE(observation.objects().contains(config_map_key(ns, "b")));
  CHECK(std::chrono::steady_clock::now() - start < 15s);
  CHECK(cluster->observe({{"v1", "NoSuchKind", ns}}).error().refusal == Refusal::NotServed);
}
