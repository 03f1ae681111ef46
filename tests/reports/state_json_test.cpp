#include "reports/state_json.h"

#include <string>

#include <catch2/catch.hpp>

#include "tests/support/yaml.h"

using namespace meshproof;

TEST_CASE("the state is a List that reads back as the same objects") {
  const ObjectStore objects = objects_from(R"(
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {answer: "true", number: "010", empty: ""}}
status: {phase: Active}
---
apiVersion: example.com/v1
kind: Unknown
metadata: {name: kept, namespace: shop}
spec: {list: [], map: {}, nothing: null, text: "quo\"te\n\t\u00e9", big: 12345678901234567890, half: 0.50}
)");
  const std::string text = state_json(objects);
  CHECK(text.rfind("{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [", 0) == 0);
  const ObjectStore again = objects_from(text);
  REQUIRE(again.size() == objects.size());
  for (const auto& [key, object] : objects.all()) {
    const Object* other = again.find(key);
    REQUIRE(other != nullptr);
    CHECK(*other->tree == *object.tree);
  }
}

TEST_CASE("an empty state is an empty List") { CHECK(objects_from(state_json({})).size() == 0); }
