#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "solver/lint/mesh_objects.h"
#include "solver/lint/rule_row.h"

namespace meshproof {
namespace {

using namespace std::string_view_literals;

constexpr int kFederation = 201;  // v2.1
constexpr std::array kFederationKinds = {"federation.maistra.io/ServiceMeshPeer"sv,
                                         "federation.maistra.io/ExportedServiceSet"sv,
                                         "federation.maistra.io/ImportedServiceSet"sv};

std::vector<LintFinding> early_federation(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const auto& [object, mesh] : objects_in_meshes(state, kFederationKinds)) {
    const int version = version_number(state, *mesh);
    if (version == 0 || version >= kFederation) continue;
    findings.push_back(
        finding_about(*object, fmt::format("has no effect: the control plane in {} is of {}",
                                           mesh->ns, version_text(state, *mesh))));
  }
  return findings;
}

std::vector<LintFinding> federation(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const auto& [object, mesh] : objects_in_meshes(state, kFederationKinds)) {
    if (version_number(state, *mesh) < kFederation) continue;
    findings.push_back(finding_about(
        *object, object->key.kind == "ServiceMeshPeer"
                     ? fmt::format("joins {} to a mesh that the input does not show", mesh->ns)
                     : fmt::format("decides what {} shares with another mesh", mesh->ns)));
  }
  return findings;
}

// --- Several clusters in one mesh

/// A field of a control plane that upstream's multi-cluster mesh needs.
struct ClusterFieldRow {
  std::string_view path;
  bool is_switch;  ///< it counts if it is true, else if it has content
};

constexpr auto kClusterFields = std::to_array<ClusterFieldRow>({
    {"spec.cluster.multiCluster.enabled", true},
    {"spec.cluster.multiCluster.meshNetworks", false},
    {"spec.istio.global.multiCluster.enabled", true},
    {"spec.istio.global.meshNetworks", false},
    {"spec.istio.istiocoredns.enabled", true},
});

void find_fields(const Object& plane, std::vector<LintFinding>& findings) {
  for (const ClusterFieldRow& row : kClusterFields) {
    const Tree* field = node_at(*plane.tree, row.path);
    if (field == nullptr) continue;
    const bool set = row.is_switch ? field->text == "true" : !field->fields.empty();
    if (!set) continue;
    findings.push_back(finding_about(
        plane, fmt::format("sets {}, of a mesh over several clusters", row.path), field->place));
  }
}

constexpr std::string_view kRemoteSecret = "istio/multiCluster";
constexpr std::array kSecret = {"Secret"sv};
constexpr std::array kServiceEntry = {"networking.istio.io/ServiceEntry"sv};

/// The first host of upstream's `*.global` names; null if there is none.
const Tree* global_host(const Object& entry) {
  const Tree* hosts = entry.tree->find_path({"spec", "hosts"});
  if (hosts == nullptr) return nullptr;
  const auto host = std::ranges::find_if(
      hosts->items, [](const Tree& each) { return each.text.ends_with(".global"); });
  return host == hosts->items.end() ? nullptr : &*host;
}

std::vector<LintFinding> several_clusters(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const Object* plane : state.objects().of_kind("ServiceMeshControlPlane")) {
    find_fields(*plane, findings);
  }
  for (const auto& [object, mesh] : objects_in_meshes(state, kSecret)) {
    const auto tree = object->tree.read();
    if (tree->string_at({"metadata", "labels", kRemoteSecret}) != "true") continue;
    findings.push_back(finding_about(
        *object, fmt::format("is to give {} another cluster's API server", mesh->ns)));
  }
  for (const auto& [object, mesh] : objects_in_meshes(state, kServiceEntry)) {
    if (const Tree* host = global_host(*object)) {
      findings.push_back(finding_about(
          *object, fmt::format("names {}, a service of another cluster", host->text), host->place));
    }
  }
  return findings;
}

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0603",
      .name = "federation-too-early",
      .group = RuleGroup::Unsupported,
      .severity = Severity::Error,
      .meaning =
          "An object of federation stands in a mesh whose control plane is older than v2.1, with "
          "which federation arrives. Nobody looks at it: what it is to import or export is not "
          "there.",
      .source = "mission M16",
      .fix = "Upgrade the control plane to v2.1 or later, or delete the object."},
     early_federation},
    {{.code = "MP0604",
      .name = "several-clusters",
      .group = RuleGroup::Unsupported,
      .severity = Severity::Warning,
      .meaning =
          "A setting or object of upstream's mesh over several clusters. OpenShift Service Mesh "
          "does not support that in any version 1.x or 2.x: a control plane is limited to the "
          "members of its roll, which are projects of its own cluster.",
      .source = "mission M16",
      .fix = "Take it out; from v2.1 on, federation joins meshes of different clusters."},
     several_clusters},
    {{.code = "MP0607",
      .name = "federated-mesh",
      .group = RuleGroup::Unsupported,
      .severity = Severity::Note,
      .meaning =
          "The mesh is federated with another one, which is supported from v2.1 on. What comes and "
          "goes between the two passes federation gateways: who reaches a service from the other "
          "side does not show in this input, and no verdict here speaks of it.",
      .source = "mission M16",
      .fix = "Read ExportedServiceSets as openings of the mesh, and judge the other cluster by an "
             "input of its own."},
     federation},
});

}  // namespace

std::span<const RuleRow> multi_cluster_rules() { return kRows; }

}  // namespace meshproof
