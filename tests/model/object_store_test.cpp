#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "model/object.h"

namespace meshproof {
namespace {

Object pod(const std::string& ns, const std::string& name, const std::string& phase = "Running") {
  return make_object(Tree::mapping(
      {{"apiVersion", Tree::string("v1")},
       {"kind", Tree::string("Pod")},
       {"metadata", Tree::mapping({{"name", Tree::string(name)}, {"namespace", Tree::string(ns)}})},
       {"status", Tree::mapping({{"phase", Tree::string(phase)}})}}));
}

ObjectKey key(const std::string& ns, const std::string& name) { return {"", "Pod", ns, name}; }

std::vector<std::string> names(const ObjectStore& store) {
  std::vector<std::string> result;
  for (const Object& object : store) result.push_back(object.key.ns + '/' + object.key.name);
  return result;
}

using Names = std::vector<std::string>;

TEST_CASE("a store is in the order of its keys, and of one key the last object counts") {
  const ObjectStore store{{pod("b", "x"), pod("a", "y"), pod("b", "x", "Failed"), pod("a", "x")}};
  CHECK(store.size() == 3);
  CHECK(names(store) == Names{"a/x", "a/y", "b/x"});
  CHECK(store.find(key("b", "x"))->tree->string_at({"status", "phase"}) == "Failed");
  CHECK(names(ObjectStore{}).empty());
}

TEST_CASE("what is written over, added and erased stands in its place, and copies keep theirs") {
  const ObjectStore before{{pod("a", "x"), pod("a", "y"), pod("b", "x")}};
  ObjectStore after = before;
  after.put(pod("a", "y", "Failed"));
  after.put(pod("a", "z"));
  after.put(pod("A", "first"));
  CHECK(after.erase(key("a", "x")));
  CHECK_FALSE(after.erase(key("a", "x")));
  CHECK_FALSE(after.erase(key("c", "x")));
  CHECK(names(after) == Names{"A/first", "a/y", "a/z", "b/x"});
  CHECK(after.size() == 4);
  CHECK(after.find(key("a", "x")) == nullptr);
  CHECK(after.find(key("a", "y"))->tree->string_at({"status", "phase"}) == "Failed");
  CHECK(names(before) == Names{"a/x", "a/y", "b/x"});
  CHECK(before.find(key("a", "y"))->tree->string_at({"status", "phase"}) == "Running");
  after.put(pod("a", "x"));
  CHECK(names(after) == Names{"A/first", "a/x", "a/y", "a/z", "b/x"});
  CHECK(after.erase(key("a", "z")));
  CHECK(after.erase(key("b", "x")));
  CHECK(names(after) == Names{"A/first", "a/x", "a/y"});
}

TEST_CASE("the objects of a kind are those of one namespace or of all") {
  ObjectStore store{{pod("a", "x"), pod("b", "x"), pod("b", "y")}};
  store.put(pod("b", "w"));
  CHECK(store.of_kind("Pod").size() == 4);
  REQUIRE(store.of_kind("Pod", "b").size() == 3);
  CHECK(store.of_kind("Pod", "b").front()->key.name == "w");
  CHECK(store.of_kind("Pod", "c").empty());
  CHECK(store.of_kind("Node").empty());
}

TEST_CASE("two stores differ in what was written since they were one, or where no copy is shared") {
  const ObjectStore before{{pod("a", "x"), pod("a", "y")}};
  ObjectStore after = before;
  CHECK(before.differing_keys(after).empty());
  after.put(pod("a", "z"));
  after.erase(key("a", "y"));
  const std::vector<ObjectKey> differing{key("a", "y"), key("a", "z")};
  CHECK(before.differing_keys(after) == differing);
  CHECK(after.differing_keys(before) == differing);
  after.erase(key("a", "z"));
  after.put(*before.find(key("a", "y")));
  CHECK(after.differing_keys(before).empty());
  const ObjectStore read_again{{pod("a", "x")}};
  CHECK(read_again.differing_keys(before) == std::vector<ObjectKey>{key("a", "x"), key("a", "y")});
}

}  // namespace
}  // namespace meshproof
