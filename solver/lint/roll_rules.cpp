#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "model/mesh/metadata.h"
#include "solver/lint/rule_row.h"

namespace meshproof {
namespace {

constexpr auto kNamespaces = std::to_array<std::string_view>({"Namespace"});
constexpr auto kPlanes = std::to_array<std::string_view>({"maistra.io/ServiceMeshControlPlane"});

/// Why the operator cannot make the listed project a member; empty if it can.
std::string why_not_there(const LintedState& state, const std::string& ns) {
  const auto project = state.world().find_namespace(ns);
  if (!project) return "which does not exist";
  return project->is_terminating() ? "which is being deleted" : "";
}

std::vector<LintFinding> absent_projects(const LintedState& state) {
  std::vector<LintFinding> findings;
  if (!state.covers("Namespace") && !state.covers("Project")) return findings;
  for (const Object* roll : state.objects().of_kind("ServiceMeshMemberRoll")) {
    const Tree* members = roll->tree->find_path({"spec", "members"});
    if (members == nullptr) continue;
    for (const Tree& member : members->items) {
      if (!member.is(TreeKind::String) || member.text == "*") continue;
      const std::string why = why_not_there(state, member.text);
      if (why.empty()) continue;
      findings.push_back(finding_about(
          *roll, fmt::format("lists the project {}, {}", member.text, why), member.place));
    }
  }
  return findings;
}

std::vector<LintFinding> wrong_names(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const auto kind : {"ServiceMeshMemberRoll", "ServiceMeshMember"}) {
    for (const Object* object : state.objects().of_kind(kind)) {
      if (object->key.name == "default") continue;
      findings.push_back(finding_about(
          *object,
          fmt::format("is called {}, so that the operator does not look at it", object->key.name)));
    }
  }
  return findings;
}

std::vector<LintFinding> rolls_without_plane(const LintedState& state) {
  std::vector<LintFinding> findings;
  if (!state.covers("ServiceMeshControlPlane")) return findings;
  for (const Object* roll : state.objects().of_kind("ServiceMeshMemberRoll")) {
    const auto planes = state.objects().of_kind("ServiceMeshControlPlane", roll->key.ns);
    const auto members = strings_at(*roll->tree, {"spec", "members"});
    if (!planes.empty() || roll->key.name != "default" || members.empty()) continue;
    findings.push_back(
        finding_about(*roll, fmt::format("lists {}, and there is no control plane in {}",
                                         fmt::join(members, ", "), roll->key.ns)));
  }
  return findings;
}

std::vector<LintFinding> second_planes(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const Mesh& mesh : state.meshes()) {
    const auto planes = state.objects().of_kind("ServiceMeshControlPlane", mesh.ns);
    if (planes.size() < 2) continue;
    for (const Object* plane : planes) {
      if (plane->key.name == mesh.name) continue;
      findings.push_back(finding_about(
          *plane, fmt::format("shares its project with ServiceMeshControlPlane {}", mesh.name)));
    }
  }
  return findings;
}

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0113",
      .name = "project-not-there",
      .group = RuleGroup::Membership,
      .severity = Severity::Warning,
      .meaning =
          "A roll lists a project that does not exist or is being deleted. Admission accepts it, "
          "and the roll stays pending. Whoever makes a project of that name later puts it into the "
          "mesh, with all that the mesh's control plane may do there.",
      .source = "mission B1; operator.md 1.4, 7.1; recorded 05",
      .fix = "Correct the name or take it off the roll, or make the project.",
      .needs = kNamespaces},
     absent_projects},
    {{.code = "MP0114",
      .name = "not-named-default",
      .group = RuleGroup::Membership,
      .severity = Severity::Error,
      .meaning =
          "A ServiceMeshMemberRoll or ServiceMeshMember has another name than default. The "
          "operator "
          "looks at no other one: admission refuses it, and one that is there all the same makes "
          "nobody a member.",
      .source = "operator.md 1.1, 7.1, 7.2",
      .fix = "Move its spec to the object called default, and delete this one."},
     wrong_names},
    {{.code = "MP0118",
      .name = "roll-without-control-plane",
      .group = RuleGroup::Membership,
      .severity = Severity::Warning,
      .meaning =
          "A roll lists projects, and its own project has no ServiceMeshControlPlane. Nothing is "
          "configured, operators before 2.3 leave in the members what a deleted control plane had "
          "written there, and the projects on it cannot be listed by the roll of another mesh.",
      .source = "mission M4; operator.md 0, 7.1, 8.5; incident 11 (OSSM-2188)",
      .fix = "Delete the roll, or make the control plane.",
      .needs = kPlanes},
     rolls_without_plane},
    {{.code = "MP0119",
      .name = "two-control-planes",
      .group = RuleGroup::Membership,
      .severity = Severity::Error,
      .meaning =
          "Two ServiceMeshControlPlanes stand in one project. Admission refuses the second. Where "
          "both are there, operators from 2.3 on reconcile only the older one, and the roll, which "
          "cannot tell whose it is, stops with ErrMultipleSMCPs.",
      .source = "mission M4; operator.md 7.3, 1.5",
      .fix = "Delete one of the two."},
     second_planes},
});

}  // namespace

std::span<const RuleRow> roll_rules() { return kRows; }

}  // namespace meshproof
