#include <catch2/catch.hpp>

#include "reports/header.h"
#include "reports/json.h"

namespace meshproof {
namespace {

Coverage coverage() {
  Coverage result;
  result.files = 1;
  result.objects = 2;
  result.kinds = {{"Pod", 2}};
  return result;
}

Listing listing(Collected collected, std::size_t objects, std::string reason = {}) {
  return {.collected = collected, .objects = objects, .reason = std::move(reason), .origin = 0};
}

}  // namespace

TEST_CASE("the line about the input begins with what is missing") {
  Coverage input = coverage();
  CHECK(coverage_words(input) == "2 objects of 1 kind in 1 file, assumed complete");
  input.add({"Pod", "shop"}, listing(Collected::Denied, 0, "\x1b[31mforbidden"));
  CHECK(coverage_words(input) ==
        "INCOMPLETE: Pod in shop: denied (\\x1b[31mforbidden) · 2 objects of 1 kind in 1 file");
}

TEST_CASE("the line about the input repeats the user's word") {
  Coverage input = coverage();
  input.origins = {{.name = "mg", .form = OriginForm::MustGather}};
  for (const std::string_view kind : deciding_kinds()) input.assumed_empty.emplace(kind);
  CHECK(
      coverage_words(input) ==
      "2 objects of 1 kind in 1 file, complete, on your word no other Endpoints, Namespace, Node, "
      "Pod, Service, config.openshift.io/Network, networking.k8s.io/NetworkPolicy");
  Coverage required = coverage();
  required.required = true;
  CHECK(coverage_words(required) ==
        "2 objects of 1 kind in 1 file, assumed complete, nothing taken for complete that is not "
        "shown to be");
}

TEST_CASE("the ledger groups what fared alike, and counts what was listed and is empty") {
  Coverage input = coverage();
  input.origins = {{.name = "mg", .form = OriginForm::MustGather, .time = "2026-11-23"}};
  input.cluster.cluster_id = "7c1e";
  input.add({"Pod", "shop"}, listing(Collected::Listed, 2));
  input.add({"Pod", "pay"}, listing(Collected::Listed, 0));
  input.add({"Node", ""}, listing(Collected::CutOff, 500, "after 500"));
  const Json json = to_json(input);
  CHECK(json["sources"] == Json::parse(R"([{"name": "mg", "form": "must-gather",
                                            "time": "2026-11-23"}])"));
  CHECK(json["cluster"] ==
        Json::parse(R"({"name": null, "clusterID": "7c1e", "kubeSystemUid": null})"));
  CHECK(json["ledger"] == Json::parse(R"([
    {"kind": "Node", "collected": "cut-off", "objects": 500, "namespaces": {},
     "reason": "after 500", "source": 0},
    {"kind": "Pod", "collected": "listed", "objects": null, "namespaces": {"pay": 0, "shop": 2},
     "reason": null, "source": 0}])"));
  CHECK_FALSE(json["assumedComplete"].get<bool>());
}

}  // namespace meshproof
