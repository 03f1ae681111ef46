#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "solver/lint/rule_row.h"

namespace meshproof {
namespace {

std::vector<LintFinding> projects_in_two_rolls(const LintedState& state) {
  std::map<std::string, std::vector<const Mesh*>> listing;
  for (const Mesh& mesh : state.meshes()) {
    for (const std::string& member : mesh.roll_members) {
      auto& meshes = listing[member];
      if (meshes.empty() || meshes.back() != &mesh) meshes.push_back(&mesh);
    }
  }
  std::vector<LintFinding> findings;
  for (const auto& [ns, meshes] : listing) {
    if (meshes.size() < 2) continue;
    std::vector<std::string> rolls;
    for (const Mesh* mesh : meshes) rolls.push_back(mesh->ns + "/default");
    LintFinding finding = finding_about_project(
        state, ns, fmt::format("stands on the rolls {}", fmt::join(rolls, " and ")));
    finding.place = meshes.back()->roll_place;
    findings.push_back(std::move(finding));
  }
  return findings;
}

/// By what the meshes claim it: `mesh-a (spec.members of its roll) and mesh-b (…)`.
std::string spelled(const std::vector<ProjectClaim>& claims) {
  std::vector<std::string> parts;
  for (const ProjectClaim& claim : claims) {
    parts.push_back(fmt::format("{} ({})", claim.mesh->ns, to_string(claim.means)));
  }
  return fmt::format("{}", fmt::join(parts, " and "));
}

/// Where both only list it, MP0101 says so.
std::vector<LintFinding> projects_of_two_meshes(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const auto& [ns, claims] : state.claims()) {
    const bool listed = std::ranges::all_of(
        claims, [](const ProjectClaim& claim) { return claim.means == ClaimMeans::Listed; });
    if (claims.size() < 2 || listed) continue;
    LintFinding finding =
        finding_about_project(state, ns, fmt::format("is claimed by {}", spelled(claims)));
    const auto other = std::ranges::find_if(claims, [](const ProjectClaim& claim) {
      return claim.means == ClaimMeans::Wildcard || claim.means == ClaimMeans::Selected;
    });
    finding.place = other == claims.end() ? claims.back().place : other->place;
    findings.push_back(std::move(finding));
  }
  return findings;
}

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0101",
      .name = "project-in-two-rolls",
      .group = RuleGroup::Membership,
      .severity = Severity::Error,
      .meaning =
          "Two member rolls list one project. A project belongs to one mesh: the operator refuses "
          "the second roll, and which of the two has it depends on who came first.",
      .source = "mission M4; operator.md 7.1",
      .fix = "Take the project off one of the rolls."},
     projects_in_two_rolls},
    {{.code = "MP0102",
      .name = "project-of-two-meshes",
      .group = RuleGroup::Membership,
      .severity = Severity::Error,
      .meaning =
          "Two meshes claim one project, and at least one of them by a selector, by * or by a "
          "ServiceMeshMember, or it is the other's control-plane project. Admission compares only "
          "spec.members of rolls, so it lets this through: the project stays in the mesh that came "
          "first, and the other one reports ReferencesDifferentControlPlane.",
      .source = "mission M4; operator.md 7.1; recorded 33",
      .fix = "Narrow the selector, or list the members by name, so that one mesh claims the "
             "project."},
     projects_of_two_meshes},
});

}  // namespace

std::span<const RuleRow> membership_rules() { return kRows; }

}  // namespace meshproof
