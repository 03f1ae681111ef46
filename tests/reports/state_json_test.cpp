#include "reports/state_json.h"

#include <string>

#include <catch2/catch.hpp>

#include "scenarios/read.h"
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
  for (const Object& object : objects) {
    const Object* other = again.find(object.key);
    REQUIRE(other != nullptr);
    CHECK(*other->tree == *object.tree);
  }
}

TEST_CASE("an empty state is an empty List") { CHECK(objects_from(state_json({})).size() == 0); }

TEST_CASE("what the input lacks is lacking in the state that is read again") {
  Coverage coverage;
  coverage.origins = {{.name = "dump.yaml"}, {.name = "mg.tgz", .form = OriginForm::MustGather}};
  coverage.add({"Pod", "shop"}, {.objects = 2, .origin = 1});
  coverage.add({"Pod", "pay"}, {.objects = 0, .origin = 1});
  coverage.add({"Node", ""}, {.objects = 3, .origin = 1});
  coverage.add({"Service", "shop"}, {.collected = Collected::Denied, .reason = "no"});
  coverage.add({"", "old"}, {.collected = Collected::Never, .reason = "known", .origin = 1});
  coverage.add({"Route", ""}, {.collected = Collected::CutOff, .objects = 5});
  const auto read_again = [](const Coverage& written) {
    Sources sources;
    Diagnostics told;
    Input input = read_text("state.json", state_json({}, written), {}, sources, told);
    CHECK_FALSE(has_errors(told));
    return input.coverage;
  };
  const Coverage again = read_again(coverage);
  REQUIRE(again.listings.size() == coverage.listings.size());
  for (const auto& [part, listing] : coverage.listings) {
    CAPTURE(part.kind, part.ns);
    const Listing& other = again.listings.at(part);
    CHECK(other.collected == listing.collected);
    CHECK(other.objects == listing.objects);
  }
  CHECK(again.listings.at({"", "old"}).reason == "known");
  CHECK(again.origins.at(0).form == OriginForm::Snapshot);
  CHECK(again.find({"networking.k8s.io/NetworkPolicy", "shop"}).collected == Collected::Never);

  Coverage manifests;
  manifests.origins = {{.name = "a.yaml"}};
  CHECK(read_again(manifests).is_silent());
  manifests.add({"Pod", ""}, {.collected = Collected::CutOff, .objects = 5});
  CHECK(read_again(manifests).find({"Pod", "a"}).collected == Collected::CutOff);
  CHECK(read_again(manifests).find({"Node", ""}).collected == Collected::Assumed);
}
