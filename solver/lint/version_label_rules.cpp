#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "model/mesh/control_plane.h"
#include "solver/lint/rule_row.h"

namespace meshproof {
namespace {

constexpr std::string_view kMaistraVersion = "maistra-version";
constexpr std::string_view kManagedBy = "app.kubernetes.io/managed-by";

constexpr auto kLabelFields = std::to_array<Outline::Field>({{"labels", nullptr}});
constexpr Outline kLabels{kLabelFields};
constexpr auto kMetadataFields = std::to_array<Outline::Field>({{"metadata", &kLabels}});
constexpr Outline kMetadata{kMetadataFields};

/// An object that the charts of a control plane have made.
struct ChartObject {
  const Object* object = nullptr;
  std::string version;  ///< of its label; empty without one
};

/// By the control plane's project. Pods are made by workloads, whose template labels them.
std::map<std::string, std::vector<ChartObject>> chart_objects_of(const LintedState& state) {
  std::map<std::string, std::vector<ChartObject>> found;
  for (const Object& object : state.objects()) {
    const std::string& kind = object.key.kind;
    if (kind == "Pod" || kind == "ReplicaSet") continue;
    const auto tree = object.tree.read(&kMetadata);
    const Tree* labels = tree->find_path({"metadata", "labels"});
    if (labels == nullptr || labels->find(kOwnerLabel) == nullptr) continue;
    if (labels->string_at({kManagedBy}) != "maistra-istio-operator") continue;
    // Copies keep the version of the day when they were made (recorded 34).
    if (labels->find(kMemberOfLabel) != nullptr) continue;
    found[std::string{labels->string_at({kOwnerLabel})}].push_back(
        {&object, std::string{labels->string_at({kMaistraVersion})}});
  }
  return found;
}

/// The control plane of a project if the operator has brought its whole spec to the cluster: while
/// it works, old and new stand side by side.
const Object* settled_plane(const LintedState& state, const std::string& ns) {
  const auto planes = state.objects().of_kind("ServiceMeshControlPlane", ns);
  return planes.size() == 1 && is_reconciled(*planes.front()) ? planes.front() : nullptr;
}

std::vector<LintFinding> unversioned(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const auto& [ns, objects] : chart_objects_of(state)) {
    for (const ChartObject& each : objects) {
      if (!each.version.empty()) continue;
      findings.push_back(finding_about(
          *each.object,
          fmt::format("is of the control plane in {} and has no label {}", ns, kMaistraVersion)));
    }
  }
  return findings;
}

/// The version that most objects have, of several the newest.
std::string usual_version(const std::vector<ChartObject>& objects) {
  std::map<std::string, std::size_t> counts;
  for (const ChartObject& each : objects) {
    if (!each.version.empty()) ++counts[each.version];
  }
  const auto most = std::ranges::max_element(counts, [](const auto& a, const auto& b) {
    return a.second < b.second || (a.second == b.second && a.first < b.first);
  });
  return most == counts.end() ? "" : most->first;
}

std::vector<LintFinding> mixed_versions(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const auto& [ns, objects] : chart_objects_of(state)) {
    if (settled_plane(state, ns) == nullptr) continue;
    const std::string usual = usual_version(objects);
    for (const ChartObject& each : objects) {
      if (each.version.empty() || each.version == usual) continue;
      findings.push_back(finding_about(
          *each.object, fmt::format("is of {} {}, and most objects of the control plane in {} are "
                                    "of {}",
                                    kMaistraVersion, each.version, ns, usual)));
    }
  }
  return findings;
}

/// Whether `2.4.7` is a release of `v2.4`.
bool is_release_of(std::string_view release, std::string_view version) {
  if (version.starts_with('v')) version.remove_prefix(1);
  return release.starts_with(version) && release.substr(version.size()).starts_with('.');
}

std::vector<LintFinding> other_charts(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const auto& [ns, objects] : chart_objects_of(state)) {
    const Object* object = settled_plane(state, ns);
    if (object == nullptr) continue;
    const std::string version = read_control_plane(*object, state.operator_version()).version_text;
    const std::string usual = usual_version(objects);
    if (usual.empty() || is_release_of(usual, version)) continue;
    const Tree* field = object->tree->find_path({"spec", "version"});
    findings.push_back(
        finding_about(*object,
                      fmt::format("is Reconciled at {}, and its objects are of {} {}", version,
                                  kMaistraVersion, usual),
                      field == nullptr ? Place{} : field->place));
  }
  return findings;
}

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0111",
      .name = "no-maistra-version",
      .group = RuleGroup::Membership,
      .severity = Severity::Warning,
      .meaning =
          "An object that carries the marks of a control plane's charts has no maistra-version "
          "label, which every chart sets. Somebody has taken it off or made the object by hand; "
          "the "
          "operator sends only differences between its own manifests, so the label stays off until "
          "its value changes.",
      .source = "mission M18; operator.md 6.1",
      .fix = "If the operator made it, delete it and edit the control plane's spec. If it is "
             "somebody's own, take the labels maistra.io/owner and app.kubernetes.io/managed-by "
             "off: the pruner deletes what carries them."},
     unversioned},
    {{.code = "MP0112",
      .name = "mixed-maistra-versions",
      .group = RuleGroup::Membership,
      .severity = Severity::Warning,
      .meaning =
          "A control plane is Reconciled, and some of its objects are of another maistra-version "
          "than the others: an upgrade or its prune has not reached them. While an upgrade runs "
          "that is normal, and so it is of copies in members, which keep the version of the day "
          "when they were made.",
      .source = "mission M18; operator.md 6.1, 6.2; recorded 34",
      .fix = "Edit the control plane's spec, so that the operator applies and prunes again; delete "
             "what it leaves."},
     mixed_versions},
    {{.code = "MP0123",
      .name = "other-charts-than-asked",
      .group = RuleGroup::Membership,
      .severity = Severity::Warning,
      .meaning =
          "A control plane is Reconciled at one version, and its objects are of another: what its "
          "spec says is not what runs.",
      .source = "mission M18; operator.md 6.1",
      .fix = "See which operator manages the project, and what its log says of the control plane."},
     other_charts},
});

}  // namespace

std::span<const RuleRow> version_label_rules() { return kRows; }

}  // namespace meshproof
