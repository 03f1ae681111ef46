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
});

}  // namespace

std::span<const RuleRow> membership_rules() { return kRows; }

}  // namespace meshproof
