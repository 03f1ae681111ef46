#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "model/mesh/copies.h"
#include "model/mesh/membership.h"
#include "solver/lint/rule_row.h"

namespace meshproof {
namespace {

constexpr auto kMeshKinds = std::to_array<std::string_view>({"maistra.io/ServiceMeshControlPlane",
                                                             "maistra.io/ServiceMeshMemberRoll",
                                                             "maistra.io/ServiceMeshMember"});

/// What the drift says of projects, not of objects in them.
std::vector<const Departure*> project_departures(const LintedState& state, DepartureKind kind) {
  std::vector<const Departure*> found;
  if (state.drift() == nullptr) return found;
  for (const Departure& departure : state.drift()->departures) {
    const bool project = departure.key.kind == "Namespace" || departure.key.kind == "Project";
    if (project && departure.kind == kind) found.push_back(&departure);
  }
  return found;
}

LintFinding finding_at(const LintedState& state, const Departure& departure, std::string message) {
  LintFinding finding = finding_about_project(state, departure.key.name, std::move(message));
  if (departure.place.is_known()) finding.place = departure.place;
  const auto project = state.world().find_namespace(departure.key.name);
  const Tree* labels = project ? project->labels() : nullptr;
  const Tree* label = labels == nullptr ? nullptr : labels->find(kMemberOfLabel);
  if (label != nullptr && label->place.is_known()) finding.place = label->place;
  return finding;
}

/// A label of a mesh that does not claim the project, although another one does.
std::vector<LintFinding> wrong_labels(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const Departure* departure : project_departures(state, DepartureKind::Orphaned)) {
    const ProjectClaim* other =
        claim_of_another(state.claims(), departure->mesh, departure->key.name);
    if (other == nullptr) continue;
    findings.push_back(
        finding_at(state, *departure,
                   fmt::format("carries the label {}={}, and is claimed by {} ({})", kMemberOfLabel,
                               departure->mesh, other->mesh->ns, to_string(other->means))));
  }
  return findings;
}

std::vector<LintFinding> empty_labels(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const Object& project : state.world().namespaces()) {
    if (!project.has_label(kMemberOfLabel) || !project.label(kMemberOfLabel).empty()) continue;
    const auto claims = state.claims().find(project.key.name);
    const bool claimed = claims != state.claims().end();
    LintFinding finding = finding_about_project(
        state, project.key.name,
        claimed ? fmt::format("carries the label {} without a value, and is to be a member of {}",
                              kMemberOfLabel, claims->second.front().mesh->ns)
                : fmt::format("carries the label {} without a value", kMemberOfLabel));
    const Tree* label = project.labels()->find(kMemberOfLabel);
    if (label->place.is_known()) finding.place = label->place;
    findings.push_back(std::move(finding));
  }
  return findings;
}

/// Whether the project stands in a cluster, not in a repository whose mesh may be in another one.
bool is_live(const LintedState& state, const std::string& ns) {
  const auto project = state.world().find_namespace(ns);
  return project && project->tree->find_path({"metadata", "uid"}) != nullptr;
}

bool tells_members(const LintedState& state, const std::string& ns) {
  const Coverage& coverage = state.snapshot().coverage;
  const bool lacks = std::ranges::any_of(kMeshKinds, [&](std::string_view kind) {
    return coverage.lacks(Part{std::string{kind}, ""});
  });
  return !lacks && (state.covers("ServiceMeshControlPlane") || is_live(state, ns));
}

std::vector<LintFinding> stale_labels(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const Departure* departure : project_departures(state, DepartureKind::Orphaned)) {
    const std::string& ns = departure->key.name;
    const Mesh* mesh = state.mesh_of(departure->mesh);
    const bool exists = mesh != nullptr && mesh->has_control_plane;
    // The roll of a mesh that is gone claims nobody; another's claim is MP0103.
    const bool claimed = exists ? state.claims().contains(ns)
                                : claim_of_another(state.claims(), departure->mesh, ns) != nullptr;
    if (claimed || !tells_members(state, ns)) continue;
    findings.push_back(finding_at(
        state, *departure,
        exists ? fmt::format("carries the label {}={}, and that mesh does not claim it",
                             kMemberOfLabel, departure->mesh)
               : fmt::format("carries the label {}={}, and there is no control plane in {}",
                             kMemberOfLabel, departure->mesh, departure->mesh)));
  }
  return findings;
}

/// The installed meshes' members without the label: the project, and whether its status says that
/// everything was written.
struct Unlabelled {
  const Departure* departure = nullptr;
  bool configured = false;
};

std::vector<Unlabelled> unlabelled_members(const LintedState& state) {
  std::map<std::pair<std::string, std::string>, bool> configured;
  for (const Membership& member : memberships(state.world())) {
    configured[{member.ns, member.plane.ns}] = member.configured;
  }
  std::vector<Unlabelled> found;
  for (const Departure* departure : project_departures(state, DepartureKind::Differing)) {
    const auto member = configured.find({departure->key.name, departure->mesh});
    const auto project = state.world().find_namespace(departure->key.name);
    if (member == configured.end() || !project || project->has_label(kMemberOfLabel)) continue;
    found.push_back({departure, member->second});
  }
  return found;
}

std::vector<LintFinding> lost_labels(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const Unlabelled& member : unlabelled_members(state)) {
    if (!member.configured) continue;
    findings.push_back(
        finding_at(state, *member.departure,
                   fmt::format("is a configured member of {} and has no label {}{}",
                               member.departure->mesh, kMemberOfLabel,
                               state.operator_version().watches_member_projects
                                   ? ""
                                   : fmt::format(", which operator {} does not watch",
                                                 state.operator_version().name))));
  }
  return findings;
}

std::vector<LintFinding> half_joined(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const Unlabelled& member : unlabelled_members(state)) {
    const Departure& departure = *member.departure;
    const auto copies =
        copies_in(state.world(), "NetworkPolicy", departure.key.name, departure.mesh);
    if (member.configured || copies.empty()) continue;
    std::vector<std::string> names;
    for (const auto& [name, key] : copies) names.push_back(name);
    findings.push_back(
        finding_at(state, departure,
                   fmt::format("holds {} of {} and has no label {}", fmt::join(names, ", "),
                               departure.mesh, kMemberOfLabel)));
  }
  return findings;
}

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0103",
      .name = "wrong-member-label",
      .group = RuleGroup::Membership,
      .severity = Severity::Error,
      .meaning =
          "A project that one mesh claims carries the member-of label of another one. The policies "
          "of the labelled mesh admit its pods, those of its own mesh do not, and the operator "
          "refuses to configure it. If it is then taken off the roll that claims it, operators 2.1 "
          "to 2.5 delete the label, whosever it is.",
      .source = "mission M3; operator.md 1.2, 1.4, 8.2; recorded 09, 75",
      .fix = "Decide which mesh has it: take it off the other roll, and let the operator set the "
             "label (oc label namespace NS maistra.io/member-of-)."},
     wrong_labels},
    {{.code = "MP0104",
      .name = "empty-member-label",
      .group = RuleGroup::Membership,
      .severity = Severity::Error,
      .meaning =
          "A project carries the member-of label without a value. The operator looks only for the "
          "key: it takes the project for joined, lists it as configured and never fills the value, "
          "while no policy of any mesh admits it and no sidecar is injected.",
      .source = "mission M3; operator.md 1.2; recorded 16",
      .fix = "Take the label off (oc label namespace NS maistra.io/member-of-); the operator sets "
             "it when it next looks at a member."},
     empty_labels},
    {{.code = "MP0105",
      .name = "stale-member-label",
      .group = RuleGroup::Membership,
      .severity = Severity::Warning,
      .meaning =
          "A project carries the label of a mesh that does not claim it, or of one that is not "
          "there. The members' policies still admit all its pods, and no other mesh can have it: "
          "it is already a member of this one.",
      .source = "mission M3; operator.md 1.4, 8.2, 8.5; incident 11 (MAISTRA-1816)",
      .fix = "oc label namespace NS maistra.io/member-of-, and delete what else the mesh left "
             "there (MP0108).",
      .needs = kMeshKinds},
     stale_labels},
    {{.code = "MP0106",
      .name = "member-without-label",
      .group = RuleGroup::Membership,
      .severity = Severity::Error,
      .meaning =
          "A configured member has lost its member-of label. Its peers and the control plane do "
          "not "
          "admit it, not even its own pods reach each other, and new pods get no sidecar, although "
          "status and policies look sound. Operators from 2.4 on put it back at the next write to "
          "the Namespace, 2.1 to 2.3 at the next one to the control plane, 2.0 not at all.",
      .source = "mission M3; incident 9 (OSSM-1397); recorded 09",
      .fix = "oc label namespace NS maistra.io/member-of=MESH, and find out who takes it off."},
     lost_labels},
    {{.code = "MP0116",
      .name = "half-joined-project",
      .group = RuleGroup::Membership,
      .severity = Severity::Error,
      .meaning =
          "A join has stopped between its first and its last write: the project holds policies of "
          "the mesh, which close it, and not the label by which they admit its own pods. From 2.1 "
          "on the operator does not try again by itself.",
      .source = "mission B1; operator.md 3.3, 3.5, 8.1; recorded 07",
      .fix = "Take away what stopped it (the ServiceMeshMember's status says what), then write to "
             "the Namespace, with operators before 2.4 to the ServiceMeshMember."},
     half_joined},
});

}  // namespace

std::span<const RuleRow> member_label_rules() { return kRows; }

}  // namespace meshproof
