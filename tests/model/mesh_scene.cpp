#include "tests/model/mesh_scene.h"

#include <algorithm>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "model/mesh/mesh.h"
#include "tests/support/yaml.h"

namespace meshproof {

std::string mesh_manifests() {
  return R"(
apiVersion: v1
kind: Namespace
metadata: {name: mesh}
---
apiVersion: v1
kind: Namespace
metadata: {name: old}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: pay}
---
apiVersion: maistra.io/v2
kind: ServiceMeshControlPlane
metadata: {name: basic, namespace: mesh}
spec: {version: v2.5}
---
apiVersion: maistra.io/v1
kind: ServiceMeshMemberRoll
metadata: {name: default, namespace: mesh}
spec: {members: [old]}
)";
}

std::string mesh_manifests_and(std::string_view more) {
  return mesh_manifests() + "---\n" + std::string{more};
}

ChangeStep apply(std::string_view yaml) { return {ApplyObject{trees_from(yaml).at(0)}, {}}; }

ChangeStep patch(std::string_view kind, std::string_view ns, std::string_view name,
                 std::string_view merge_yaml) {
  Tree merge = trees_from("apiVersion: v1\nkind: Patch\nmetadata: {name: x}\npatch: " +
                          std::string{merge_yaml})
                   .at(0);
  return {PatchObject{{"", std::string{kind}, std::string{ns}, std::string{name}, false},
                      merge.mapping_at("patch")},
          {}};
}

ChangeStep remove(std::string_view kind, std::string_view ns, std::string_view name) {
  return {DeleteObject{{"", std::string{kind}, std::string{ns}, std::string{name}, false}}, {}};
}

ChangeStep note(std::string_view text) { return {ChangeNote{std::string{text}}, {}}; }

Change change_of(std::vector<std::vector<ChangeStep>> phases) {
  Change change;
  for (auto& steps : phases) change.phases.push_back({std::move(steps)});
  return change;
}

ChangeStep members(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + ('"' + name + '"');
  return patch("ServiceMeshMemberRoll", "mesh", "default", "{spec: {members: [" + list + "]}}");
}

Prediction play(std::string_view state, const Change& change, const std::string& operator_version,
                const NetworkOptions& network) {
  Snapshot before;
  before.objects = objects_from(state);
  const auto prediction = predict(before, change, {network, operator_version});
  if (!prediction.has_value()) throw std::runtime_error{prediction.error().at(0).message};
  return *prediction;
}

std::vector<std::string> writes_for(const Prediction& prediction, const std::string& project) {
  std::vector<std::string> writes;
  for (const Step& step : prediction.steps) {
    if (step.aside || step.project != project) continue;
    writes.push_back(std::string{to_string(step.verb)} + ' ' + step.key.kind + ' ' + step.key.name);
  }
  return writes;
}

std::string outcome_of(const Prediction& prediction, const std::string& ns) {
  const auto found = std::ranges::find(prediction.outcomes, ns, &Outcome::ns);
  if (found == prediction.outcomes.end()) return "none";
  return std::string{to_string(found->status)} + (found->reason.empty() ? "" : ": ") +
         found->reason;
}

std::string label_after(const Prediction& prediction, const std::string& ns) {
  const Object* found = prediction.after.find("Namespace", "", ns);
  if (found == nullptr || !found->has_label(kMemberOfLabel)) return "none";
  return std::string{found->label(kMemberOfLabel)};
}

}  // namespace meshproof
