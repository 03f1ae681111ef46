#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "model/mesh/outside_rights.h"
#include "solver/lint/rule_row.h"

namespace meshproof {
namespace {

using namespace std::string_view_literals;

/// `ClusterRole admin`
std::string role_of(const Object& binding) {
  return fmt::format("{} {}", binding.tree->string_at({"roleRef", "kind"}),
                     binding.tree->string_at({"roleRef", "name"}));
}

std::vector<OutsideRights> outside_rights(const LintedState& state) {
  std::set<std::pair<std::string, std::string>> members;
  for (const auto& [ns, claims] : state.claims()) {
    for (const ProjectClaim& claim : claims) members.emplace(ns, claim.mesh->ns);
  }
  return rights_outside(state.world(), members);
}

std::vector<LintFinding> cluster_rights(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const OutsideRights& rights : outside_rights(state)) {
    if (!rights.binding->key.ns.empty()) continue;
    findings.push_back(finding_about(
        *rights.binding, fmt::format("gives {} of the control plane in {} the {} in every project",
                                     rights.account, rights.mesh, role_of(*rights.binding))));
  }
  return findings;
}

std::vector<LintFinding> rights_in_strange_projects(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const OutsideRights& rights : outside_rights(state)) {
    const std::string& ns = rights.binding->key.ns;
    if (ns.empty()) continue;
    findings.push_back(finding_about(
        *rights.binding,
        fmt::format("gives {} of the control plane in {} the {}, and {} is none of its members",
                    rights.account, rights.mesh, role_of(*rights.binding), ns)));
  }
  return findings;
}

std::vector<LintFinding> dangling_bindings(const LintedState& state) {
  std::vector<LintFinding> findings;
  if (!state.covers("Role")) return findings;
  for (const Object* binding : state.objects().of_kind("RoleBinding")) {
    if (!binding->has_label(kMemberOfLabel)) continue;
    if (binding->tree->string_at({"roleRef", "kind"}) != "Role") continue;
    const auto role = binding->tree->string_at({"roleRef", "name"});
    if (state.objects().find("Role", binding->key.ns, role) != nullptr) continue;
    const Tree* name = binding->tree->find_path({"roleRef", "name"});
    findings.push_back(finding_about(
        *binding, fmt::format("refers to Role {}, which {} does not have", role, binding->key.ns),
        name == nullptr ? Place{} : name->place));
  }
  return findings;
}

// --- Who may use a mesh

bool holds(const Tree& rule, std::string_view field, std::string_view wanted) {
  const Tree* values = rule.find(field);
  return values != nullptr && std::ranges::any_of(values->items, [&](const Tree& value) {
           return value.text == wanted || value.text == "*";
         });
}

/// Whether the role lets its holders use a control plane: put their projects into its mesh
/// (operator.md 7.2).
bool lets_use_planes(const LintedState& state, const Object& binding) {
  const auto kind = binding.tree->string_at({"roleRef", "kind"});
  const auto name = binding.tree->string_at({"roleRef", "name"});
  if (kind == "Role" && name == "mesh-user") return true;
  const Object* role =
      state.objects().find({"rbac.authorization.k8s.io", std::string{kind},
                            kind == "Role" ? binding.key.ns : std::string{}, std::string{name}});
  const Tree* rules = role == nullptr ? nullptr : role->tree->find("rules");
  return rules != nullptr && std::ranges::any_of(rules->items, [](const Tree& rule) {
           return holds(rule, "verbs", "use") && holds(rule, "apiGroups", "maistra.io") &&
                  holds(rule, "resources", "servicemeshcontrolplanes");
         });
}

constexpr std::array kEverybody = {"system:authenticated"sv, "system:authenticated:oauth"sv,
                                   "system:unauthenticated"sv, "system:serviceaccounts"sv};

/// The first subject that stands for everybody; null if there is none.
const Tree* everybody_among(const Object& binding) {
  const Tree* subjects = binding.tree->find("subjects");
  if (subjects == nullptr) return nullptr;
  const auto subject = std::ranges::find_if(subjects->items, [](const Tree& each) {
    return each.string_at({"kind"}) == "Group" &&
           std::ranges::find(kEverybody, each.string_at({"name"})) != kEverybody.end();
  });
  return subject == subjects->items.end() ? nullptr : &*subject;
}

std::vector<LintFinding> open_meshes(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const auto kind : {"ClusterRoleBinding", "RoleBinding"}) {
    for (const Object* binding : state.objects().of_kind(kind)) {
      const std::string& ns = binding->key.ns;
      const Mesh* mesh = state.mesh_of(ns);
      if (!ns.empty() && (mesh == nullptr || !mesh->has_control_plane)) continue;
      const Tree* subject = everybody_among(*binding);
      if (subject == nullptr || !lets_use_planes(state, *binding)) continue;
      findings.push_back(finding_about(
          *binding,
          fmt::format("lets {} use {}", subject->string_at({"name"}),
                      ns.empty() ? "every control plane" : "the control plane in " + ns),
          subject->place));
    }
  }
  return findings;
}

constexpr auto kMeshKinds = std::to_array<std::string_view>({"maistra.io/ServiceMeshControlPlane",
                                                             "maistra.io/ServiceMeshMemberRoll",
                                                             "maistra.io/ServiceMeshMember"});
constexpr auto kRoles = std::to_array<std::string_view>({"rbac.authorization.k8s.io/Role"});

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0201",
      .name = "cluster-wide-rights",
      .group = RuleGroup::Rights,
      .severity = Severity::Warning,
      .meaning =
          "A ClusterRoleBinding that no chart makes gives service accounts of a multi-tenant "
          "control plane rights in every project. A multi-tenant control plane has none outside of "
          "its members: who takes it over has the cluster. Bindings that an earlier cluster-wide "
          "mode left count too; those of the CNI plugin and of the charts do not.",
      .source = "mission M1; operator.md 1.7, 2",
      .fix = "Delete it, or bind the role in those projects that need it."},
     cluster_rights},
    {{.code = "MP0202",
      .name = "rights-outside-of-members",
      .group = RuleGroup::Rights,
      .severity = Severity::Warning,
      .meaning = "A RoleBinding gives service accounts of a control plane rights in a project that "
                 "is none "
                 "of its members, and it does not carry the mark by which the operator would take "
                 "it away.",
      .source = "mission M1; operator.md 2",
      .fix = "Delete it if nobody needs it; Kiali's own bindings go when the project leaves its "
             "list.",
      .needs = kMeshKinds},
     rights_in_strange_projects},
    {{.code = "MP0203",
      .name = "binding-without-role",
      .group = RuleGroup::Rights,
      .severity = Severity::Note,
      .meaning =
          "A RoleBinding that was copied into a member refers to a Role that the member does not "
          "have. It gives no rights now, and all those of a Role that somebody makes under that "
          "name. Operators up to 2.2 copy such bindings; from 2.3 on they do not, but leave those "
          "that are there.",
      .source = "mission M1; operator.md 2; incident 13 (OSSM-2143)",
      .fix = "With operator 2.3 or later delete it. Before that, upgrade the operator: it would "
             "copy it again.",
      .needs = kRoles},
     dangling_bindings},
    {{.code = "MP0204",
      .name = "everybody-may-join",
      .group = RuleGroup::Rights,
      .severity = Severity::Warning,
      .meaning =
          "A binding lets everybody who is logged in use a control plane: whoever has a project "
          "can "
          "put it into the mesh with a ServiceMeshMember. The members' policies then admit all its "
          "pods, so that who is inside the mesh is nobody's decision.",
      .source = "mission M4; operator.md 7.2",
      .fix = "Name users and groups in the RoleBinding mesh-users."},
     open_meshes},
});

}  // namespace

std::span<const RuleRow> rights_rules() { return kRows; }

}  // namespace meshproof
