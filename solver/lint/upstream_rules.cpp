#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "model/mesh/metadata.h"
#include "solver/lint/mesh_objects.h"
#include "solver/lint/rule_row.h"

namespace meshproof {
namespace {

using namespace std::string_view_literals;

// --- Godebug (mission M17)

constexpr std::string_view kGodebug = "GODEBUG";

/// Where a tree sets the variable: as a key, or as the name of an entry of `env`; null if nowhere.
const Tree* sets_godebug(const Tree& tree) {
  for (const TreeField& field : tree.fields) {
    if (field.key == kGodebug && !field.value.is_null()) return &field.value;
    if (field.key == "name" && field.value.text == kGodebug) return &field.value;
    if (const Tree* found = sets_godebug(field.value)) return found;
  }
  for (const Tree& item : tree.items) {
    if (const Tree* found = sets_godebug(item)) return found;
  }
  return nullptr;
}

constexpr std::array kWorkloads = {"apps/Deployment"sv, "apps/StatefulSet"sv, "apps/DaemonSet"sv,
                                   "apps.openshift.io/DeploymentConfig"sv};
constexpr std::string_view kProxyConfig = "proxy.istio.io/config";
constexpr std::string_view kProxy = "istio-proxy";

/// In a control plane's project every container counts, elsewhere only the proxy: applications may
/// set the variable for themselves.
const Tree* workload_sets_godebug(const Tree& workload, bool of_plane) {
  const Tree* pod = workload.find_path({"spec", "template"});
  if (pod == nullptr) return nullptr;
  const Tree* config = pod->find_path({"metadata", "annotations", kProxyConfig});
  if (config != nullptr && config->text.find(kGodebug) != std::string::npos) return config;
  const Tree* containers = pod->find_path({"spec", "containers"});
  if (containers == nullptr) return nullptr;
  for (const Tree& container : containers->items) {
    const Tree* env = container.find("env");
    if (env == nullptr || (!of_plane && container.string_at({"name"}) != kProxy)) continue;
    if (const Tree* found = sets_godebug(*env)) return found;
  }
  return nullptr;
}

std::vector<LintFinding> godebug(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const Object* plane : state.objects().of_kind("ServiceMeshControlPlane")) {
    const Tree* spec = plane->tree->find("spec");
    const Tree* found = spec == nullptr ? nullptr : sets_godebug(*spec);
    if (found == nullptr) continue;
    findings.push_back(
        finding_about(*plane, "sets GODEBUG for components of the mesh", found->place));
  }
  for (const auto& [object, mesh] : objects_in_meshes(state, kWorkloads)) {
    const bool of_plane = object->key.ns == mesh->ns;
    const auto tree = object->tree.read();
    const Tree* found = workload_sets_godebug(*tree, of_plane);
    if (found == nullptr) continue;
    findings.push_back(
        finding_about(*object,
                      fmt::format("sets GODEBUG {}",
                                  of_plane ? "in a control plane's project" : "for the sidecar"),
                      found->place));
  }
  return findings;
}

// --- Ingress (mission M20)

constexpr std::array kIngresses = {"networking.k8s.io/Ingress"sv, "extensions/Ingress"sv};
constexpr std::string_view kClassAnnotation = "kubernetes.io/ingress.class";

/// Whether the class is served by upstream's ingress controller.
bool is_of_istio(const LintedState& state, std::string_view name) {
  const Object* known =
      state.objects().find({"networking.k8s.io", "IngressClass", "", std::string{name}});
  if (known == nullptr) return name == "istio";
  return known->tree->string_at({"spec", "controller"}) == "istio.io/ingress-controller";
}

std::vector<LintFinding> stranded_ingresses(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const auto& [object, mesh] : objects_in_meshes(state, kIngresses)) {
    const std::string_view annotated = annotation(*object, kClassAnnotation);
    const std::string_view name =
        annotated.empty() ? object->tree->string_at({"spec", "ingressClassName"}) : annotated;
    if (name.empty() || !is_of_istio(state, name)) continue;
    findings.push_back(finding_about(
        *object, fmt::format("is of class {}, which the control plane in {} does not serve", name,
                             mesh->ns)));
  }
  return findings;
}

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0605",
      .name = "godebug",
      .group = RuleGroup::Unsupported,
      .severity = Severity::Warning,
      .meaning =
          "GODEBUG is set for a component of the mesh. OpenShift Service Mesh has taken it out of "
          "all its templates: it changes how the Go runtime behaves, from what it logs to how it "
          "checks certificates, so that what runs is not what was tested.",
      .source = "mission M17; operator.md 6.5",
      .fix = "Take the variable out."},
     godebug},
    {{.code = "MP0606",
      .name = "stranded-ingress",
      .group = RuleGroup::Unsupported,
      .severity = Severity::Warning,
      .meaning =
          "An Ingress of a class that upstream's Istio serves stands in a project of the mesh. The "
          "control plane's ingress controller is off in every version, and OpenShift makes no "
          "Route "
          "of a class that is not its own: nobody answers for its hosts.",
      .source = "mission M20; operator.md 6.5",
      .fix = "Make it a Gateway and a VirtualService, or a Route."},
     stranded_ingresses},
});

}  // namespace

std::span<const RuleRow> upstream_rules() { return kRows; }

}  // namespace meshproof
