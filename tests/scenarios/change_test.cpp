#include "scenarios/change.h"

#include <catch2/catch.hpp>

#include "tests/scenarios/told.h"

using namespace meshproof;

namespace {

using Lines = std::vector<std::string>;

struct Reading {
  Result<Change> change;
  Lines told;
};

Reading read(const std::string& text) {
  const TemporaryFolder folder;
  Sources sources;
  Diagnostics warnings;
  auto change = read_change(folder.write("c.yaml", text), {}, sources, warnings);
  Diagnostics all = change ? Diagnostics{} : change.error();
  all.insert(all.end(), warnings.begin(), warnings.end());
  Lines told = lines_of(all, sources);
  for (auto& line : told) line = without(line, folder.path() + '/');
  return {std::move(change), std::move(told)};
}

}  // namespace

TEST_CASE("documents of a Change are phases, with steps of four kinds") {
  const Reading reading = read(R"(apiVersion: meshproof.io/v1
kind: Change
operatorVersion: "2.5"
steps:
- apply: {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
- patch: {kind: ServiceMeshMemberRoll, namespace: mesh-a, name: default, merge: {spec: {members: [shop]}}}
  rejected: {code: 400, message: no}
---
apiVersion: meshproof.io/v1
kind: Change
steps:
- delete: {kind: NetworkPolicy, namespace: shop, name: istio-mesh-basic}
- delete: {apiVersion: operator.openshift.io/v1, kind: Network, name: cluster}
- note: SDN master stopped
- note: "CRD installed: NetworkAttachmentDefinition"
)");
  CHECK(reading.told.empty());
  REQUIRE(reading.change);
  const Change& change = *reading.change;
  CHECK(change.operator_version == "2.5");
  REQUIRE(change.phases.size() == 2);
  REQUIRE(change.phases[0].steps.size() == 2);
  CHECK(std::holds_alternative<ApplyObject>(change.phases[0].steps[0].edit));
  const auto& patch = std::get<PatchObject>(change.phases[0].steps[1].edit);
  CHECK(patch.target.key() ==
        ObjectKey{"maistra.io", "ServiceMeshMemberRoll", "mesh-a", "default"});
  CHECK(patch.merge.find_path({"spec", "members"}) != nullptr);
  CHECK(change.phases[0].steps[1].place.line == 6);
  const auto& first = std::get<DeleteObject>(change.phases[1].steps[0].edit);
  CHECK(first.target.key() ==
        ObjectKey{"networking.k8s.io", "NetworkPolicy", "shop", "istio-mesh-basic"});
  const auto& second = std::get<DeleteObject>(change.phases[1].steps[1].edit);
  CHECK(second.target.key() == ObjectKey{"operator.openshift.io", "Network", "", "cluster"});
  CHECK(std::get<ChangeNote>(change.phases[1].steps[2].edit).text == "SDN master stopped");
}

TEST_CASE("plain manifests are merged in one phase, in their order") {
  const Reading reading = read(
      "{apiVersion: v1, kind: Namespace, metadata: {name: b}}\n---\n"
      "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Namespace, metadata: {name: "
      "a}}]}\n");
  REQUIRE(reading.change);
  REQUIRE(reading.change->phases.size() == 1);
  REQUIRE(reading.change->phases[0].steps.size() == 2);
  const auto& first = std::get<MergeObject>(reading.change->phases[0].steps[0].edit);
  CHECK(first.object.string_at({"metadata", "name"}) == "b");
}

TEST_CASE("every mistake in a Change is told") {
  const std::string head = "apiVersion: meshproof.io/v1\nkind: Change\n";
  struct Row {
    std::string text;
    Lines told;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {head,
       {"c.yaml:1:1: error[missing-field]: a Change needs steps, a list of apply, patch, "
        "delete or note"}},
      {head + "step: []\nsteps: []\n",
       {"c.yaml:3:1: error[unknown-field]: there is no field \"step\" here; did you mean steps?"}},
      {head + "steps: [x]\n",
       {"c.yaml:3:9: error[wrong-type]: a step is one of apply, patch, delete and note, not the "
        "string `x`"}},
      {head + "steps: [{rejected: {}}]\n",
       {"c.yaml:3:9: error[bad-step]: a step is one of apply, patch, delete and note; this has 0"}},
      {head + "steps: [{delete: {kind: Foo, name: x}}]\n",
       {"c.yaml:3:25: error[missing-api-version]: the kind Foo is not known: name its apiVersion"}},
      {head + "steps: [{patch: {kind: Node, name: x}}]\n",
       {"c.yaml:3:17: error[missing-field]: a patch needs merge, the mapping that is merged into "
        "the "
        "object"}},
      {head + "steps: x\n",
       {"c.yaml:3:8: error[wrong-type]: a Change needs steps, a list of apply, patch, delete or "
        "note"}},
      {head + "steps: [{patch: x}]\n",
       {"c.yaml:3:17: error[wrong-type]: patch must be a mapping, not the string `x`"}},
      {head + "steps: [{patch: {kind: Node, name: x, merge: [a]}}]\n",
       {"c.yaml:3:46: error[wrong-type]: a patch needs merge, the mapping that is merged into the "
        "object"}},
      {head + "steps: [{apply: [x]}]\n",
       {"c.yaml:3:17: error[wrong-type]: apply must be a mapping, not a list"}},
      {head + "steps: [{delete: {kind: Node, name: 5}}]\n",
       {"c.yaml:3:37: error[wrong-type]: name must be a nonempty string, not the number `5`"}},
      {head + "steps: [{note: [x]}]\n",
       {"c.yaml:3:16: error[wrong-type]: note must be a string, not a list"}},
      {head + "operatorVersion: [x]\nsteps: []\n",
       {"c.yaml:3:18: error[wrong-type]: operatorVersion must be a version like \"2.5\""}},
      {head + "steps: [{apply: {kind: Node, metadata: {name: x}}}]\n",
       {"c.yaml:3:17: error[missing-field]: apiVersion is missing"}},
      {head + "operatorVersion: \"2.4\"\nsteps: []\n---\n" + head +
           "operatorVersion: \"2.5\"\nsteps: []\n",
       {"c.yaml:8:18: error[operator-version-conflict]: operatorVersion is 2.5 here and 2.4 in a "
        "phase before: one change is made under one operator"}},
      {head + "steps: []\n---\n{apiVersion: v1, kind: Namespace, metadata: {name: b}}\n",
       {"c.yaml:5:1: error[mixed-change]: a manifest between documents of the kind Change: write "
        "it "
        "as a step, apply"}},
      {"apiVersion: meshproof.io/v2\nkind: Change\nsteps: []\n",
       {"c.yaml:1:13: error[unknown-version]: a Change is meshproof.io/v1, not meshproof.io/v2"}},
  }));
  CAPTURE(row.text);
  CHECK(read(row.text).told == row.told);
}
