#include <cstdlib>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "backends/kube/kube_cluster.h"
#include "backends/oc/transport.h"
#include "backends/snapshot/kinds.h"
#include "tests/backends/live_server.h"

/// A live cluster through the real kubectl, which KUBEBUILDER_ASSETS or PATH has.
namespace meshproof {
namespace {

std::unique_ptr<LiveCluster> cluster_by_kubectl() {
  const char* const assets = std::getenv("KUBEBUILDER_ASSETS");
  auto transport = oc::open_transport(
      {.name = assets == nullptr ? "kubectl" : std::string{assets} + "/kubectl"});
  INFO((transport ? "" : transport.error()));
  REQUIRE(transport.has_value());
  return open_kube_cluster(std::move(*transport));
}

std::string value_of(const Tree& config_map) {
  return std::string{config_map.string_at({"data", "value"})};
}

std::string version_of(const Tree& object) {
  return std::string{object.string_at({"metadata", "resourceVersion"})};
}

std::string uid_of(const Tree& object) {
  return std::string{object.string_at({"metadata", "uid"})};
}

Tree patch_of(const std::string& value, const std::string& version) {
  return Tree::mapping({{"metadata", Tree::mapping({{"resourceVersion", Tree::string(version)}})},
                        {"data", Tree::mapping({{"value", Tree::string(value)}})}});
}

}  // namespace

TEST_CASE("kubectl says which server it speaks to, and who we are there", "[apiserver]") {
  const auto address = live_server();
  if (!address) return;
  const auto cluster = cluster_by_kubectl();
  CHECK(cluster->server() == address->server);
  const auto user = cluster->user();
  REQUIRE(user.has_value());
  CHECK(*user == *live_cluster(*address)->user());
  const auto served = cluster->served();
  const auto by_api = live_cluster(*address)->served();
  REQUIRE(served.has_value());
  REQUIRE(by_api.has_value());
  const auto names = [](const std::vector<ServedKind>& kinds) {
    std::set<std::string> all;
    for (const ServedKind& kind : kinds) all.insert(kind.api_version + ' ' + kind.kind);
    return all;
  };
  CHECK(names(served->kinds) == names(by_api->kinds));
}

TEST_CASE("kubectl creates, applies, merges and removes as the API does", "[apiserver]") {
  const auto address = live_server();
  if (!address) return;
  const auto cluster = cluster_by_kubectl();
  const std::string ns = new_namespace(*cluster);
  const ObjectKey key = config_map_key(ns, "a");

  const auto missing = cluster->get(key, "v1");
  REQUIRE(missing.has_value());
  CHECK_FALSE(missing->has_value());
  const auto created = cluster->create(config_map(ns, "a", "it's $(id) -- \"1\" `2`"));
  REQUIRE(created.has_value());
  CHECK(value_of(*created) == "it's $(id) -- \"1\" `2`");
  const auto again = cluster->create(config_map(ns, "a", "2"));
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().refusal == Refusal::Exists);

  const auto merged = cluster->merge(key, "v1", patch_of("$HOME 'x' --", version_of(*created)));
  REQUIRE(merged.has_value());
  CHECK(value_of(*merged) == "$HOME 'x' --");
  const auto stale = cluster->merge(key, "v1", patch_of("3", version_of(*created)));
  REQUIRE_FALSE(stale.has_value());
  CHECK(stale.error().refusal == Refusal::Conflict);

  const auto applied = cluster->apply(config_map(ns, "a", "applied"));
  REQUIRE(applied.has_value());
  CHECK(value_of(*applied) == "applied");
  Tree old = config_map(ns, "a", "old");
  old.mapping_at("metadata").set("resourceVersion", Tree::string(version_of(*created)));
  old.mapping_at("metadata").set("uid", Tree::string(uid_of(*created)));
  const auto refused = cluster->apply(old);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().refusal == Refusal::Conflict);
  Tree wrong = config_map(ns, "a", "x");
  wrong.set("nofield", Tree::string("x"));
  const auto invalid = cluster->apply(wrong);
  REQUIRE_FALSE(invalid.has_value());
  CHECK(invalid.error().refusal == Refusal::Invalid);

  const auto kept = cluster->remove(key, "v1", uid_of(*created), version_of(*created));
  REQUIRE_FALSE(kept.has_value());
  CHECK(kept.error().refusal == Refusal::Conflict);
  const auto removed = cluster->remove(key, "v1", uid_of(*created), version_of(*applied));
  REQUIRE(removed.has_value());
  CHECK(*removed);
  const auto gone = cluster->remove(key, "v1", uid_of(*created), version_of(*applied));
  REQUIRE(gone.has_value());
  CHECK_FALSE(*gone);
}

TEST_CASE("kubectl lists and observes as the API does", "[apiserver]") {
  const auto address = live_server();
  if (!address) return;
  const auto cluster = cluster_by_kubectl();
  const auto other = live_cluster(*address);
  const std::string ns = new_namespace(*cluster);
  REQUIRE(other->create(config_map(ns, "a", "1")).has_value());

  std::set<std::string> listed;
  const auto end = cluster->list({"v1", "ConfigMap", ns}, [&](std::string_view item) {
    listed.emplace(item.substr(0, item.find(',')));
    return true;
  });
  REQUIRE(end.has_value());
  CHECK_FALSE(end->resource_version.empty());
  CHECK(listed.size() == 1);
  const auto unknown =
      cluster->list({"nope.io/v1", "Nope", {}}, [](std::string_view) { return true; });
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().refusal == Refusal::NotServed);

  auto observed = cluster->observe({{"v1", "ConfigMap", ns}});
  REQUIRE(observed.has_value());
  Observation& observation = **observed;
  CHECK(observation.objects().size() == 1);
  REQUIRE(other->create(config_map(ns, "b", "2")).has_value());
  const auto changed = observation.wait(std::chrono::seconds{20});
  REQUIRE(changed.has_value());
  CHECK(*changed);
  CHECK(observation.objects().contains(config_map_key(ns, "b")));
}

TEST_CASE("kubectl without rights is forbidden, and told so", "[apiserver]") {
  const auto address = live_server();
  if (!address) return;
  const auto cluster = cluster_by_kubectl();
  const auto may = cluster->may({.verb = "list", .api_version = "v1", .kind = "Pod"});
  REQUIRE(may.has_value());
  CHECK(*may);
}

}  // namespace meshproof
