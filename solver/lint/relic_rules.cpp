#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "model/mesh/attachment.h"
#include "model/mesh/control_plane_version.h"
#include "solver/lint/mesh_objects.h"
#include "solver/lint/rule_row.h"

namespace meshproof {
namespace {

using namespace std::string_view_literals;

// --- What reached other clusters (mission M19)

constexpr std::string_view kMulti = "istio-multi";
constexpr std::string_view kReader = "istio-reader";

bool binds_account(const Object& binding, std::string_view account) {
  const Tree* subjects = binding.tree->find("subjects");
  return subjects != nullptr && std::ranges::any_of(subjects->items, [&](const Tree& subject) {
           return subject.string_at({"kind"}) == "ServiceAccount" &&
                  subject.string_at({"name"}) == account;
         });
}

std::vector<LintFinding> multi_accounts(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const Object* account : state.objects().of_kind("ServiceAccount")) {
    if (account->key.name != kMulti) continue;
    findings.push_back(finding_about(
        *account, "is upstream's account for other clusters, which no version makes any more"));
  }
  for (const Object* binding : state.objects().of_kind("ClusterRoleBinding")) {
    if (binding->key.name != kMulti && !binds_account(*binding, kMulti)) continue;
    findings.push_back(
        finding_about(*binding, fmt::format("lets {} read every project: it binds {} {}", kMulti,
                                            binding->tree->string_at({"roleRef", "kind"}),
                                            binding->tree->string_at({"roleRef", "name"}))));
  }
  return findings;
}

/// Control planes of v2.0 and v2.1 could still make it.
bool is_made_by_plane(const LintedState& state, const Object& role) {
  const Mesh* mesh = state.mesh_of(role.label(kOwnerLabel));
  const int version = mesh == nullptr ? 0 : version_number(state, *mesh);
  return version != 0 && version < 202;
}

std::vector<LintFinding> reader_roles(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const Object& role : state.objects()) {
    const ObjectKey& key = role.key;
    if (key.kind != "ClusterRole" || key.group != "rbac.authorization.k8s.io") continue;
    const bool named = key.name == kReader || key.name.starts_with("istio-reader-");
    if (!named || is_made_by_plane(state, role)) continue;
    findings.push_back(finding_about(
        role, "is upstream's role for reading every project, which no version makes any more"));
  }
  return findings;
}

// --- Control planes of before

/// A workload of control planes up to a version, by its name.
struct RemovedWorkloadRow {
  std::string_view name;
  int last;
  std::string_view successor;
};

constexpr auto kRemovedWorkloads = std::to_array<RemovedWorkloadRow>({
    {"istio-pilot", 101, "istiod"},
    {"istio-galley", 101, "istiod"},
    {"istio-citadel", 101, "istiod"},
    {"istio-sidecar-injector", 101, "istiod"},
    {"istio-policy", 200, "nothing"},
    {"istio-telemetry", 200, "the proxies"},
});

void find_workloads(const LintedState& state, std::vector<LintFinding>& findings) {
  for (const Mesh& mesh : state.meshes()) {
    const int version = version_number(state, mesh);
    for (const RemovedWorkloadRow& row : kRemovedWorkloads) {
      const Object* workload = state.objects().find("Deployment", mesh.ns, row.name);
      if (workload == nullptr || version <= row.last) continue;
      findings.push_back(finding_about(
          *workload, fmt::format("is of an older version than the control plane's {}, which has "
                                 "put {} in its place",
                                 version_text(state, mesh), row.successor)));
    }
  }
}

constexpr std::string_view kInjector = "istio-sidecar-injector-";

void find_webhooks(const LintedState& state, std::vector<LintFinding>& findings) {
  for (const Object* webhook : state.objects().of_kind("MutatingWebhookConfiguration")) {
    const std::string& name = webhook->key.name;
    if (!name.starts_with(kInjector)) continue;
    const std::string ns = name.substr(kInjector.size());
    const Mesh* mesh = state.mesh_of(ns);
    const int version = mesh == nullptr ? 0 : version_number(state, *mesh);
    if (version == 0 && !state.covers("ServiceMeshControlPlane")) continue;
    if (version != 0 && version < 200) continue;
    findings.push_back(finding_about(
        *webhook,
        version == 0
            ? fmt::format("injects for a control plane of v1 in {}, where there is none", ns)
            : fmt::format("injects for a control plane of v1, and the one in {} is of {}", ns,
                          version_text(state, *mesh))));
  }
}

/// Attachments of the CNI plugin that carry no mesh's label, of versions that no mesh of the
/// project has.
void find_attachments(const LintedState& state, std::vector<LintFinding>& findings) {
  for (const Object* attachment : state.objects().of_kind(kAttachment)) {
    if (attachment->has_label(kMemberOfLabel)) continue;
    const auto version = std::ranges::find(control_plane_versions(), attachment->key.name,
                                           &ControlPlaneVersion::network_attachment);
    if (version == control_plane_versions().end()) continue;
    const auto claims = state.claims().find(attachment->key.ns);
    const bool used = claims != state.claims().end() &&
                      std::ranges::any_of(claims->second, [&](const ProjectClaim& claim) {
                        const int number = version_number(state, *claim.mesh);
                        return number == 0 || number == version->number;
                      });
    if (used) continue;
    findings.push_back(finding_about(
        *attachment, fmt::format("is of {}, which no mesh of the project has", version->name)));
  }
}

std::vector<LintFinding> leftovers(const LintedState& state) {
  std::vector<LintFinding> findings;
  find_workloads(state, findings);
  find_webhooks(state, findings);
  find_attachments(state, findings);
  return findings;
}

std::vector<LintFinding> ignored_planes(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const Mesh& mesh : state.meshes()) {
    if (version_number(state, mesh) < 204) continue;
    if (state.operator_version().always_ignores_own_project) continue;
    const auto project = state.world().find_namespace(mesh.ns);
    if (!project || !project->has_label(kIgnoreNamespaceLabel)) continue;
    LintFinding finding = finding_about_project(
        state, mesh.ns,
        fmt::format("carries the label {}, which a control plane of {} does not set",
                    kIgnoreNamespaceLabel, version_text(state, mesh)));
    finding.place = project->labels()->find(kIgnoreNamespaceLabel)->place;
    findings.push_back(std::move(finding));
  }
  return findings;
}

constexpr std::array kOldSecurity = {"authentication.istio.io/Policy"sv,
                                     "authentication.istio.io/MeshPolicy"sv,
                                     "rbac.istio.io/ServiceRole"sv,
                                     "rbac.istio.io/ServiceRoleBinding"sv,
                                     "rbac.istio.io/RbacConfig"sv,
                                     "rbac.istio.io/ClusterRbacConfig"sv,
                                     "rbac.maistra.io/ServiceMeshRbacConfig"sv,
                                     "authentication.maistra.io/ServiceMeshPolicy"sv};

std::vector<LintFinding> old_security(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const auto& [object, mesh] : objects_in_meshes(state, kOldSecurity)) {
    if (version_number(state, *mesh) < 200) continue;
    findings.push_back(
        finding_about(*object, fmt::format("has no effect on {}, whose control plane is of {}",
                                           mesh->ns, version_text(state, *mesh))));
  }
  return findings;
}

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0801",
      .name = "istio-multi",
      .group = RuleGroup::Relics,
      .severity = Severity::Warning,
      .meaning = "The ServiceAccount istio-multi or its ClusterRoleBinding is there: another "
                 "cluster could "
                 "read every project of this one by it. OpenShift Service Mesh makes neither.",
      .source = "mission M19; operator.md 6.5",
      .fix = "Delete both.",
      .is_default = false},
     multi_accounts},
    {{.code = "MP0802",
      .name = "istio-reader",
      .group = RuleGroup::Relics,
      .severity = Severity::Warning,
      .meaning = "A ClusterRole istio-reader is there, which lets its holders read every project. "
                 "OpenShift Service Mesh has removed it, from v2.2 on altogether.",
      .source = "mission M19; operator.md 6.5 (OSSM-1465)",
      .fix = "Delete it, and the bindings that refer to it.",
      .is_default = false},
     reader_roles},
    {{.code = "MP0803",
      .name = "older-version-leftover",
      .group = RuleGroup::Relics,
      .severity = Severity::Warning,
      .meaning =
          "A webhook, workload or NetworkAttachmentDefinition of a control-plane version that is "
          "not there any more. A webhook whose service is gone makes every pod of its projects "
          "fail; operator 1.0 wrote attachments without a label, so that no later one finds them.",
      .source = "mission M10, M18; operator.md 4, 5.1, 7.3",
      .fix = "Delete it once no pod's annotation names it any more.",
      .is_default = false},
     leftovers},
    {{.code = "MP0804",
      .name = "ignored-control-plane",
      .group = RuleGroup::Relics,
      .severity = Severity::Note,
      .meaning =
          "The project of a control plane of v2.4 or later still carries the ignore-namespace "
          "label of an older one. Operators 2.4 and 2.5 do not take it off on an upgrade, and as "
          "long as it is there no pod of the project gets a sidecar, opted in or not.",
      .source = "operator.md 1.2, 5.4",
      .fix = "Take it off (oc label namespace MESH maistra.io/ignore-namespace-).",
      .is_default = false},
     ignored_planes},
    {{.code = "MP0805",
      .name = "security-of-version-1",
      .group = RuleGroup::Relics,
      .severity = Severity::Warning,
      .meaning =
          "An authentication or authorization object of the 1.x releases stands in a mesh of v2. "
          "Nobody reads it any more: what it required or denied is neither required nor denied.",
      .source = "mission M18; operator.md 7.3",
      .fix = "Write it as PeerAuthentication, RequestAuthentication and AuthorizationPolicy, and "
             "delete it.",
      .is_default = false},
     old_security},
});

}  // namespace

std::span<const RuleRow> relic_rules() { return kRows; }

}  // namespace meshproof
