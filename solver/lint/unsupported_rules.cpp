#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "solver/lint/mesh_objects.h"
#include "solver/lint/rule_row.h"

namespace meshproof {
namespace {

using namespace std::string_view_literals;

// --- Virtual machines (mission M14)

constexpr std::array kMachineKinds = {"networking.istio.io/WorkloadEntry"sv,
                                      "networking.istio.io/WorkloadGroup"sv};
constexpr std::array kServiceEntry = {"networking.istio.io/ServiceEntry"sv};

/// Whether some pod of the project carries all the labels.
bool selects_pods(const LintedState& state, const std::string& ns, const Tree& labels) {
  const Cluster& cluster = state.cluster();
  const NamespaceId id = cluster.find_namespace(ns);
  if (!id.is_valid()) return false;
  LabelSelector selector;
  for (const TreeField& field : labels.fields) {
    const Symbol key = cluster.symbols.find(field.key);
    const Symbol value = cluster.symbols.find(field.value.text);
    if (!key.is_valid() || !value.is_valid()) return false;
    selector.requirements.push_back({key, LabelOperator::In, {value}});
  }
  return std::ranges::any_of(cluster.at(id).pods,
                             [&](PodId pod) { return matches(selector, cluster.at(pod).labels); });
}

/// A ServiceEntry of the mesh's own services whose endpoints are no pods.
void find_machines_of_entry(const LintedState& state, const Object& entry,
                            std::vector<LintFinding>& findings) {
  const Tree& tree = *entry.tree;
  const Tree* endpoints = tree.find_path({"spec", "endpoints"});
  const bool inside = tree.string_at({"spec", "location"}) == "MESH_INTERNAL";
  if (inside && endpoints != nullptr && !endpoints->items.empty()) {
    findings.push_back(
        finding_about(entry,
                      fmt::format("has endpoints inside the mesh that are no pods, the first at {}",
                                  endpoints->items.front().string_at({"address"})),
                      endpoints->place));
  }
  const Tree* labels = tree.find_path({"spec", "workloadSelector", "labels"});
  if (labels != nullptr && !selects_pods(state, entry.key.ns, *labels)) {
    findings.push_back(finding_about(
        entry, fmt::format("selects workloads by labels that no pod in {} has", entry.key.ns),
        labels->place));
  }
}

struct SwitchRow {
  std::string_view path;
  std::string_view what;
};

constexpr auto kExpansion = std::to_array<SwitchRow>({
    {"spec.cluster.meshExpansion.enabled", "the expansion of the mesh to virtual machines"},
    {"spec.istio.global.meshExpansion.enabled", "the expansion of the mesh to virtual machines"},
});

std::vector<LintFinding> machines(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const auto& [object, mesh] : objects_in_meshes(state, kMachineKinds)) {
    findings.push_back(finding_about(
        *object, fmt::format("stands for a virtual machine that is to be in {}", mesh->ns)));
  }
  for (const auto& [object, mesh] : objects_in_meshes(state, kServiceEntry)) {
    find_machines_of_entry(state, *object, findings);
  }
  for (const Object* plane : state.objects().of_kind("ServiceMeshControlPlane")) {
    for (const SwitchRow& row : kExpansion) {
      const Tree* field = node_at(*plane->tree, row.path);
      if (field == nullptr || field->text != "true") continue;
      findings.push_back(
          finding_about(*plane, fmt::format("turns on {} ({})", row.what, row.path), field->place));
    }
  }
  return findings;
}

// --- WebAssembly (mission M15)

/// What a control plane of these versions makes of a kind.
struct ExtensionRow {
  std::string_view kind;
  int first;
  int last;
  std::string_view state;  ///< with {} for the version
};

constexpr auto kExtensions = std::to_array<ExtensionRow>({
    {"ServiceMeshExtension", 100, 101, "is not known to a control plane of {}"},
    {"ServiceMeshExtension", 200, 200, "is a technology preview in {}"},
    {"ServiceMeshExtension", 202, 202, "is deprecated in {}, where WasmPlugin takes its place"},
    {"ServiceMeshExtension", 203, 999,
     "was removed before {}: it has no effect, and stops upgrades of the control plane"},
    {"WasmPlugin", 100, 201, "has no effect in {}: the kind comes with v2.2"},
});

constexpr std::array kExtensionKinds = {"maistra.io/ServiceMeshExtension"sv,
                                        "extensions.istio.io/WasmPlugin"sv};
constexpr std::array kEnvoyFilter = {"networking.istio.io/EnvoyFilter"sv};

/// The first text that has the part in it; null if there is none. Depth is that of the document.
const Tree* text_with(const Tree& tree, std::string_view part) {
  if (tree.is(TreeKind::String)) {
    return tree.text.find(part) == std::string::npos ? nullptr : &tree;
  }
  for (const Tree& item : tree.items) {
    if (const Tree* found = text_with(item, part)) return found;
  }
  for (const TreeField& field : tree.fields) {
    if (const Tree* found = text_with(field.value, part)) return found;
  }
  return nullptr;
}

void find_filter(const Object& filter, std::vector<LintFinding>& findings) {
  const Tree* spec = filter.tree->find("spec");
  if (spec == nullptr) return;
  const Tree* built_in = text_with(*spec, "envoy.wasm.runtime.null");
  const Tree* module = text_with(*spec, ".wasm.v3.Wasm");
  if (module == nullptr) module = text_with(*spec, "envoy.filters.http.wasm");
  if (built_in != nullptr) {
    findings.push_back(finding_about(
        filter, "uses an extension that is built into upstream's proxy", built_in->place));
  } else if (module != nullptr) {
    findings.push_back(finding_about(filter, "loads a WebAssembly module past the mesh's own kinds",
                                     module->place));
  }
}

std::vector<LintFinding> extensions(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const auto& [object, mesh] : objects_in_meshes(state, kExtensionKinds)) {
    const int version = version_number(state, *mesh);
    for (const ExtensionRow& row : kExtensions) {
      if (row.kind != object->key.kind || version < row.first || version > row.last) continue;
      findings.push_back(
          finding_about(*object, fmt::format(fmt::runtime(row.state), version_text(state, *mesh))));
    }
  }
  for (const auto& [object, mesh] : objects_in_meshes(state, kEnvoyFilter)) {
    find_filter(*object, findings);
  }
  return findings;
}

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0601",
      .name = "virtual-machine",
      .group = RuleGroup::Unsupported,
      .severity = Severity::Warning,
      .meaning =
          "A workload outside of the cluster is to be part of the mesh. OpenShift Service Mesh "
          "does "
          "not support that, whatever upstream Istio does; nor does a NetworkPolicy of the mesh "
          "admit it, because it has no project.",
      .source = "mission M14",
      .fix = "Describe it as a service outside (a ServiceEntry with location MESH_EXTERNAL), and "
             "reach it through an egress gateway."},
     machines},
    {{.code = "MP0602",
      .name = "web-assembly",
      .group = RuleGroup::Unsupported,
      .severity = Severity::Warning,
      .meaning =
          "A WebAssembly extension that the control plane's version does not support: "
          "ServiceMeshExtension is a technology preview in v2.0, deprecated in v2.2 and removed in "
          "v2.3, where one that is left over in a member stops upgrades; WasmPlugin comes with "
          "v2.2. Extensions that are built into upstream's proxy, or loaded by an EnvoyFilter, are "
          "not supported in any version.",
      .source = "mission M15; operator.md 7.3",
      .fix = "From v2.2 on, make it a WasmPlugin; before that, do without it where a preview will "
             "not do."},
     extensions},
});

}  // namespace

std::span<const RuleRow> unsupported_rules() { return kRows; }

}  // namespace meshproof
