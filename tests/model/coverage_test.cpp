#include "model/coverage.h"

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

namespace meshproof {
namespace {

using Lines = std::vector<std::string>;

const std::string kPolicy = "networking.k8s.io/NetworkPolicy";

Listing listing(Collected collected, std::string reason = {}) {
  return {.collected = collected, .objects = 0, .reason = std::move(reason), .origin = 0};
}

Coverage gathered() {
  Coverage coverage;
  coverage.origins = {{.name = "must-gather", .form = OriginForm::MustGather}};
  return coverage;
}

Collected collected(const Coverage& coverage, const Part& part) {
  return coverage.find(part).collected;
}

}  // namespace

TEST_CASE("plain manifests are assumed to hold everything, and tell nothing") {
  Coverage coverage;
  coverage.origins = {{.name = "a.yaml"}};
  CHECK(coverage.is_silent());
  CHECK(coverage.is_assumed());
  CHECK(collected(coverage, {"Pod", "shop"}) == Collected::Assumed);
  CHECK_FALSE(coverage.lacks({"Pod", "shop"}));
  CHECK(missing_parts(coverage).empty());
}

TEST_CASE("what an input that knows what it collected does not tell was never collected") {
  Coverage coverage = gathered();
  coverage.add({kPolicy, "shop"}, listing(Collected::Listed));
  CHECK_FALSE(coverage.lacks({kPolicy, "shop"}));
  CHECK(collected(coverage, {kPolicy, "pay"}) == Collected::Never);
  CHECK(missing_parts(coverage, {{kPolicy, "pay"}, {kPolicy, "shop"}, {"Pod", "pay"}}) ==
        Lines{"Pod in pay: never collected", "NetworkPolicy in pay: never collected"});
}

TEST_CASE("the ledger of everything names deciding kinds that nobody collected") {
  Coverage coverage = gathered();
  for (const std::string_view kind : deciding_kinds()) {
    if (kind != "Node") coverage.add({std::string{kind}, ""}, listing(Collected::Listed));
  }
  CHECK(missing_parts(coverage) == Lines{"Node: never collected"});
  CHECK_FALSE(coverage.is_complete());
  coverage.assumed_empty = {"Node"};
  CHECK(coverage.is_complete());
  CHECK_FALSE(coverage.is_assumed());
}

TEST_CASE("what is told of a part goes before what is told of its kind and its namespace") {
  Coverage coverage = gathered();
  coverage.add({"", "shop"}, listing(Collected::Never, "known, but not collected"));
  CHECK(coverage.find({"Pod", "shop"}).reason == "known, but not collected");
  coverage.add({"Pod", ""}, listing(Collected::Denied, "forbidden"));
  CHECK(coverage.find({"Pod", "shop"}).reason == "forbidden");
  coverage.add({"Pod", "shop"}, listing(Collected::Listed));
  CHECK(collected(coverage, {"Pod", "shop"}) == Collected::Listed);
  CHECK(collected(coverage, {"Pod", "pay"}) == Collected::Denied);
}

TEST_CASE(
    "a list of one namespace stands beside a refusal to list all, not beside a list cut off") {
  Coverage coverage = gathered();
  coverage.add({"Pod", "shop"}, listing(Collected::Assumed));
  coverage.add({"Pod", ""}, listing(Collected::Denied));
  CHECK_FALSE(coverage.lacks({"Pod", "shop"}));
  CHECK(coverage.lacks({"Pod", "pay"}));
  coverage.add({"Pod", ""}, listing(Collected::CutOff));
  CHECK(coverage.lacks({"Pod", "shop"}));
}

TEST_CASE("of a list that says nothing of its kind every kind is in doubt") {
  Coverage coverage;
  coverage.add({}, listing(Collected::CutOff));
  CHECK(coverage.lacks({"Pod", "shop"}));
  CHECK(missing_parts(coverage) == Lines{"any object: the list was cut off"});
}

TEST_CASE("the user's word makes up for what was refused, not for a list that was cut off") {
  Coverage coverage;
  coverage.add({"Pod", "shop"}, listing(Collected::Denied));
  coverage.add({kPolicy, ""}, listing(Collected::CutOff));
  coverage.assumed_empty = {"Pod", kPolicy};
  CHECK_FALSE(coverage.lacks({"Pod", "shop"}));
  CHECK(coverage.lacks({kPolicy, "shop"}));
  CHECK(missing_parts(coverage) == Lines{"NetworkPolicy: the list was cut off"});
}

TEST_CASE("what is only assumed is missing where coverage is required") {
  Coverage coverage;
  coverage.required = true;
  CHECK_FALSE(coverage.is_silent());
  CHECK(missing_parts(coverage, {{"Pod", "shop"}}) ==
        Lines{"Pod in shop: only assumed to be complete"});
}

TEST_CASE("a namespace that a change makes holds nothing that is not known") {
  Coverage coverage = gathered();
  coverage.created = {"new"};
  CHECK_FALSE(coverage.lacks({kPolicy, "new"}));
  CHECK(coverage.lacks({kPolicy, "old"}));
}

TEST_CASE("many namespaces are counted, and two groups' Networks told apart") {
  Coverage coverage = gathered();
  std::vector<Part> parts;
  for (int i = 1; i <= 7; ++i) parts.push_back({"Pod", "ns-" + std::to_string(i)});
  parts.push_back({"config.openshift.io/Network", ""});
  CHECK(missing_parts(coverage, parts) ==
        Lines{"Pod in ns-1, ns-2, ns-3, ns-4, ns-5 and 2 more: never collected",
              "config.openshift.io/Network: never collected"});
}

TEST_CASE("a second input of the cluster brings what the first one lacks") {
  Coverage first = gathered();
  first.add({"Pod", "shop"}, listing(Collected::Denied));
  Coverage second;
  second.origins = {{.name = "b.yaml"}};
  second.add({"Pod", "shop"}, listing(Collected::Listed));
  second.cluster.cluster_id = "7c1e";
  first.merge(second);
  CHECK(collected(first, {"Pod", "shop"}) == Collected::Listed);
  CHECK(first.find({"Pod", "shop"}).origin == 1);
  CHECK(first.cluster.id() == "7c1e");
}

TEST_CASE("adding to a ledger never makes a part less known, in whatever order") {
  rc::prop("the best listing stays", [](const std::vector<int>& ranks) {
    Coverage forwards;
    Coverage backwards;
    const auto as_listing = [](int rank) {
      return listing(static_cast<Collected>((rank % 4 + 4) % 4));
    };
    for (const int rank : ranks) forwards.add({"Pod", "a"}, as_listing(rank));
    for (auto at = ranks.rbegin(); at != ranks.rend(); ++at) {
      backwards.add({"Pod", "a"}, as_listing(*at));
    }
    RC_ASSERT(collected(forwards, {"Pod", "a"}) == collected(backwards, {"Pod", "a"}));
    for (const int rank : ranks) {
      RC_ASSERT(collected(forwards, {"Pod", "a"}) <= as_listing(rank).collected);
    }
  });
}

}  // namespace meshproof
