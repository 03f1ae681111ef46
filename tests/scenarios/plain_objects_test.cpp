#include "scenarios/plain_objects.h"

#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "model/project.h"
#include "model/tree_json.h"
#include "scenarios/generate.h"
#include "scenarios/manifests.h"
#include "scenarios/merge_objects.h"
#include "scenarios/object_list.h"
#include "scenarios/source_text.h"

/// Objects that stay in their text are what reading all of it gives.
namespace meshproof {
namespace {

struct Read {
  std::string objects;
  Diagnostics told;
  std::size_t plain = 0;
  std::vector<std::pair<Part, Listing>> listings;
  std::vector<std::string> listed;
  std::size_t pods = 0;
};

Read read(const std::string& text, ItemReading reading) {
  Sources sources;
  Read result;
  Manifests manifests;
  const auto source = load_text("dump.json", text, sources, result.told);
  REQUIRE(source);
  add_manifests(*source, manifests, result.told, reading);
  result.plain = manifests.plain.size();
  result.listings = manifests.listings;
  result.listed = manifests.listed;
  std::vector<Object> objects = std::move(manifests.plain);
  for (Tree& object : check_objects(manifests, {}, sources, result.told)) {
    objects.push_back(make_object(std::move(object)));
  }
  const ObjectStore store = merge_objects(std::move(objects), result.told);
  for (const Object& object : store) {
    result.objects += to_string(object.key) + ' ' + sources.format(object.place()) + ' ';
    append_json(result.objects, *object.tree.read());
    result.objects += '\n';
  }
  result.pods = project(store, {}, result.told).pods.size();
  sort_diagnostics(result.told);
  return result;
}

/// How many objects stayed in the text.
std::size_t left_like_whole(const std::string& text) {
  const Read left = read(text, ItemReading::Left);
  const Read whole = read(text, ItemReading::Whole);
  CHECK(left.objects == whole.objects);
  CHECK(left.told == whole.told);
  CHECK(left.listed == whole.listed);
  CHECK(left.listings.size() == whole.listings.size());
  for (std::size_t i = 0; i < left.listings.size(); ++i) {
    CHECK(left.listings[i].first == whole.listings[i].first);
    CHECK(left.listings[i].second.objects == whole.listings[i].second.objects);
    CHECK(left.listings[i].second.collected == whole.listings[i].second.collected);
  }
  CHECK(left.pods == whole.pods);
  CHECK(whole.plain == 0);
  return left.plain;
}

std::string list(std::string_view items, std::string_view kind = "List") {
  return "{\"apiVersion\": \"v1\", \"items\": [\n" + std::string{items} + "\n], \"kind\": \"" +
         std::string{kind} + "\", \"metadata\": {\"resourceVersion\": \"7\"}}";
}

constexpr std::string_view kPod =
    R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop",
 "managedFields": [{"a": {"b": "}"}}], "labels": {"app": "web"}, "uid": "1"},
 "spec": {"containers": [{"name": "c", "ports": [{"containerPort": 80}]}]}, "status": {"podIP": "10.128.0.5"}})";

TEST_CASE("a dump of a whole cluster stays in its text") {
  ClusterShape shape;
  shape.namespaces = 5;
  shape.pods = 12;
  shape.policies = 3;
  shape.members = 2;
  std::string text;
  static_cast<void>(generate_list(shape, [&](std::string_view piece) {
    text += piece;
    return true;
  }));
  CHECK(left_like_whole(text) > 60);
}

TEST_CASE("a list whose objects need nothing stays in its text, also several one after the other") {
  CHECK(left_like_whole(list(kPod)) == 1);
  CHECK(left_like_whole(list("")) == 0);
  CHECK(left_like_whole(
            list(kPod) + "\n" +
            list(R"({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}})")) == 2);
}

TEST_CASE("items of a typed list get their kind each time that they are read") {
  const std::string bare =
      R"({"metadata": {"name": "web", "namespace": "shop"}, "spec": {"nodeName": "n"}})";
  CHECK(left_like_whole(list(bare, "PodList")) == 1);
  CHECK(
      left_like_whole(
          R"({"kind": "NodeList", "apiVersion": "v1", "items": [{"metadata": {"name": "n"}}]})") ==
      1);
}

TEST_CASE("what has to be mended, told or looked into takes the other way") {
  for (
      const std::string_view item :
      {R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}})",
       R"({"apiVersion": "extensions/v1beta1", "kind": "NetworkPolicy", "metadata": {"name": "p", "namespace": "shop"}})",
       R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop", "labels": {"a": null}}})",
       R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop", "labels": {"a": true}}})",
       R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "W_b", "namespace": "shop"}})",
       R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "shop"}})",
       R"({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "shop"}, "data": {"a": "b"}})",
       R"({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "namespace": "shop"}})",
       R"({"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}}]})",
       R"({"apiVersion": "v1", "kind": "Status", "metadata": {}, "status": "Failure", "reason": "Forbidden"})",
       R"({"apiVersion": "v1", "kind": "Template", "metadata": {"name": "t", "namespace": "shop"}})",
       R"({"apiVersion": "example.com/v1", "kind": "Odd", "metadata": {"name": "o"}})",
       R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "t", "namespace": "shop", "annotations": {"helm.sh/hook": "test"}}})",
       R"({"kind": "Pod", "metadata": {"name": "t"}})", R"({"metadata": {"name": "t"}})", "{}"}) {
    INFO(item);
    CHECK(left_like_whole(list(item)) == 0);
    CHECK(left_like_whole(list(std::string{kPod} + ",\n" + std::string{item})) == 1);
  }
}

TEST_CASE("a mistake anywhere in the text is told as by who reads all of it") {
  for (const std::string_view item :
       {R"({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "name": "x"}})",
        R"({"apiVersion": "v1", "kind": "Pod", "spec": {"a": tru}})", R"({"a": "\x"})",
        R"({"a": 1, })", R"({"a": [1 2]})", "{\"a\": \"\n\"}", "1", "null", "[]"}) {
    INFO(item);
    CHECK(left_like_whole(list(std::string{kPod} + ",\n" + std::string{item})) == 0);
  }
  // What came before it stays as it is.
  CHECK(left_like_whole(list(kPod) + " x") == 1);
  CHECK(left_like_whole(R"({"items": [{}], "items": [{}], "kind": "List", "apiVersion": "v1"})") ==
        0);
  CHECK(left_like_whole(R"({"items": [{}], "metadata": {"name": "x"}})") == 0);
}

TEST_CASE("objects that stand twice are one, wherever they stay") {
  CHECK(left_like_whole(list(kPod) + "\n" + list(kPod)) == 2);
  std::string newer{kPod};
  newer.replace(newer.find("\"uid\""), 5, "\"resourceVersion\": \"9\", \"uid\"");
  CHECK(left_like_whole(list(kPod) + "\n" + list(newer)) == 2);
}

}  // namespace
}  // namespace meshproof
