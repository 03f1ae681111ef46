#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "reports/header.h"
#include "reports/plan_report.h"
#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

Step step(Verb verb, Step::Writer writer, std::string_view yaml) {
  Step result;
  result.verb = verb;
  result.writer = writer;
  Tree tree = trees_from(yaml).front();
  result.key = key_of(tree);
  if (verb != Verb::Delete) result.object = std::move(tree);
  return result;
}

std::string table(const Plan& plan) { return plan_table(plan, {}, 96, false); }

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

constexpr std::string_view kNet =
    "{apiVersion: network.openshift.io/v1, kind: NetNamespace, metadata: {name: shop}, netname: "
    "shop, netid: ";

}  // namespace

TEST_CASE("a project that moves from mesh to mesh is told with both") {
  Plan plan;
  plan.prediction.outcomes = {
      {"legacy", "mesh-a", Outcome::Status::Configured, ""},
      {"legacy", "mesh-b", Outcome::Status::Removed, "it is no member any more"},
      {"shop", "mesh-a", Outcome::Status::Configured, ""}};
  CHECK(says(table(plan),
             "How it ends\n  legacy in mesh mesh-a: configured\n"
             "  legacy in mesh mesh-b: removed, it is no member any more\n"));
  CHECK_FALSE(says(table(plan), "shop"));
  plan.prediction.outcomes.erase(plan.prediction.outcomes.begin());
  plan.prediction.outcomes.pop_back();
  CHECK(says(table(plan), "  legacy: removed, it is no member any more\n"));
}

TEST_CASE("the counts are those of the writes that are listed") {
  constexpr std::string_view kMember =
      "{apiVersion: maistra.io/v1, kind: ServiceMeshMember, metadata: {name: default, namespace: "
      "a}}";
  constexpr std::string_view kNamespace = "{apiVersion: v1, kind: Namespace, metadata: {name: a}}";
  Plan plan;
  const auto by_operator = [&](Verb verb, std::string_view yaml) {
    plan.prediction.steps.push_back(step(verb, Step::Writer::Operator, yaml));
  };
  by_operator(Verb::Delete, kMember);
  by_operator(Verb::Update, kNamespace);
  by_operator(Verb::Create, kMember);
  by_operator(Verb::Update, kMember);
  by_operator(Verb::Update, kNamespace);
  CHECK(says(table(plan), "  1 to create, 1 to change, 1 to delete\n"));
}

TEST_CASE("a NetID that nobody has is not told as if it were known") {
  Plan plan;
  plan.prediction.before = objects_from(std::string{kNet} + "7}");
  plan.prediction.steps = {step(Verb::Update, Step::Writer::SdnMaster, std::string{kNet} + "10}")};
  CHECK(says(table(plan), "netid: 7 → a free one\n"));
  plan.prediction.before.put(make_object(
      trees_from("{apiVersion: network.openshift.io/v1, kind: NetNamespace, metadata: {name: "
                 "mesh}, netname: mesh, netid: 10}")
          .front()));
  CHECK(says(table(plan), "netid: 7 → 10\n"));
}

TEST_CASE("documents that were left out are part of the coverage") {
  Coverage coverage;
  coverage.files = 1;
  CHECK(coverage_words(coverage) == "0 objects of 0 kinds in 1 file, assumed complete");
  coverage.skipped_documents = 2;
  CHECK(coverage_words(coverage) ==
        "0 objects of 0 kinds in 1 file, 2 documents skipped, assumed complete");
}
