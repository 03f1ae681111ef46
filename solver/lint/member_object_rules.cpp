#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "model/mesh/attachment.h"
#include "model/mesh/membership.h"
#include "solver/lint/rule_row.h"

namespace meshproof {
namespace {

using Chooser = bool (*)(const Departure&);

bool is_copy_kind(const ObjectKey& key) {
  return key.kind == "NetworkPolicy" || key.kind == "RoleBinding";
}

bool is_missing_or_differing(const Departure& departure) {
  return departure.kind == DepartureKind::Missing || departure.kind == DepartureKind::Differing;
}

/// `spec and subjects`: the parts in which the object is not as expected.
std::string differing_parts(const Departure& departure) {
  std::vector<std::string_view> parts;
  for (const auto part : {"metadata", "spec", "roleRef", "subjects"}) {
    const Tree* wanted = departure.expected.find(part);
    const Tree* found = departure.actual.find(part);
    const bool same = wanted == nullptr || found == nullptr ? wanted == found : *wanted == *found;
    if (!same) parts.emplace_back(part);
  }
  return fmt::format("{}", fmt::join(parts, " and "));
}

/// The first of the texts that stand in one list and not in the other.
std::string only_in(const Tree& list, const Tree& other) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string_view> texts;
  for (const Tree& item : list.items) {
    const auto same = std::ranges::find(other.items, item.text, &Tree::text);
    if (same == other.items.end()) texts.push_back(item.text);
  }
  const std::size_t count = texts.size();
  texts.resize(std::min(count, kShown));
  return count > kShown ? fmt::format("{} and {} more", fmt::join(texts, ", "), count - kShown)
                        : fmt::format("{}", fmt::join(texts, ", "));
}

/// The one list of texts that is compared: `status.configuredMembers lacks shop`.
std::string differing_list(const Departure& departure) {
  for (const TreeField& field : departure.expected.fields) {
    const Tree* found = departure.actual.find(field.key);
    if (found == nullptr) continue;
    const std::string lacking = only_in(field.value, *found);
    const std::string extra = only_in(*found, field.value);
    return fmt::format(
        "is not as the members are: {}{}{}{}{}", field.key, lacking.empty() ? "" : " lacks ",
        lacking, extra.empty() ? "" : (lacking.empty() ? " still has " : " and still has "), extra);
  }
  return departure.reason;
}

std::string differing_text(const Departure& departure) {
  const std::string& kind = departure.key.kind;
  if (kind == "NetNamespace") {
    return fmt::format("has not the NetID of {}: {}, not {}", departure.mesh,
                       departure.actual.integer_at({"netid"}).value_or(0),
                       departure.expected.integer_at({"netid"}).value_or(0));
  }
  if (is_copy_kind(departure.key) || kind == "ClusterRoleBinding") {
    return fmt::format("{} (in {})", departure.reason, differing_parts(departure));
  }
  return differing_list(departure);
}

/// What departs, and whether the operator mends it.
std::string told(const Departure& departure) {
  std::string text = departure.kind == DepartureKind::Missing
                         ? fmt::format("is missing: {}", departure.reason)
                         : differing_text(departure);
  return departure.is_mended ? text + "; the operator mends it when it next looks" : text;
}

/// The departures of a kind of which the age alone is not all, as findings.
std::vector<LintFinding> departures(const LintedState& state, Chooser is_wanted) {
  std::vector<LintFinding> findings;
  if (state.drift() == nullptr) return findings;
  for (const Departure& departure : state.drift()->departures) {
    if (departure.severity == Severity::Note || !is_wanted(departure)) continue;
    LintFinding finding{nullptr,         to_string(departure.key), departure.ns,
                        told(departure), departure.place,          {}};
    findings.push_back(std::move(finding));
  }
  return findings;
}

/// Into a member that is not configured the operator has not written all yet: MP0109 and MP0116
/// tell why it stopped.
std::vector<LintFinding> departing_copies(const LintedState& state) {
  std::set<std::string> unfinished;
  for (const Membership& member : memberships(state.world())) {
    if (!member.configured) unfinished.insert(member.ns);
  }
  auto findings = departures(state, [](const Departure& departure) {
    const ObjectKey& key = departure.key;
    const bool is_members = is_copy_kind(key) || key.kind == kAttachment;
    return is_missing_or_differing(departure) && is_members && key.ns != departure.mesh;
  });
  std::erase_if(findings, [&](const LintFinding& each) { return unfinished.contains(each.ns); });
  return findings;
}

std::vector<LintFinding> unjoined_networks(const LintedState& state) {
  return departures(state, [](const Departure& departure) {
    return is_missing_or_differing(departure) && departure.key.kind == "NetNamespace";
  });
}

std::vector<LintFinding> departing_chart_objects(const LintedState& state) {
  return departures(state, [](const Departure& departure) {
    const ObjectKey& key = departure.key;
    const bool of_plane = key.ns == departure.mesh || key.kind == "ClusterRoleBinding";
    return is_missing_or_differing(departure) && of_plane &&
           (is_copy_kind(key) || key.kind == "ClusterRoleBinding");
  });
}

std::vector<LintFinding> departing_lists(const LintedState& state) {
  return departures(state, [](const Departure& departure) {
    const std::string& kind = departure.key.kind;
    return is_missing_or_differing(departure) &&
           (kind == "ServiceMeshMemberRoll" || kind == "ServiceMeshMember" || kind == "Kiali");
  });
}

/// Whether the input can tell that nobody claims the object: it knows control planes, or the object
/// comes from a cluster and nothing says that they were not collected.
bool tells_owners(const LintedState& state, const Departure& departure) {
  if (state.covers("ServiceMeshControlPlane")) return true;
  const Object* object = state.objects().find(departure.key);
  return object != nullptr && object->tree->find_path({"metadata", "uid"}) != nullptr &&
         !state.snapshot().coverage.lacks(Part{"maistra.io/ServiceMeshControlPlane", ""});
}

std::vector<LintFinding> orphans(const LintedState& state) {
  std::vector<LintFinding> findings;
  if (state.drift() == nullptr) return findings;
  for (const Departure& departure : state.drift()->departures) {
    if (departure.kind != DepartureKind::Orphaned || departure.is_mended) continue;
    const std::string& kind = departure.key.kind;
    if (kind == "Namespace" || kind == "Project" || !tells_owners(state, departure)) continue;
    findings.push_back({nullptr,
                        to_string(departure.key),
                        departure.ns,
                        fmt::format("is left over: {}", departure.reason),
                        departure.place,
                        {}});
  }
  return findings;
}

constexpr auto kMeshKinds = std::to_array<std::string_view>({"maistra.io/ServiceMeshControlPlane",
                                                             "maistra.io/ServiceMeshMemberRoll",
                                                             "maistra.io/ServiceMeshMember"});
constexpr auto kCopies = std::to_array<std::string_view>(
    {"networking.k8s.io/NetworkPolicy", "rbac.authorization.k8s.io/RoleBinding"});
constexpr auto kMembers = std::to_array<std::string_view>({"maistra.io/ServiceMeshMember"});
constexpr auto kNetNamespaces =
    std::to_array<std::string_view>({"network.openshift.io/NetNamespace"});

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0107",
      .name = "drifted-copy",
      .group = RuleGroup::Membership,
      .severity = Severity::Error,
      .meaning =
          "A member's copy of a policy or RoleBinding of its mesh is missing, or differs from the "
          "one in the control plane's project in more than its age; or its "
          "NetworkAttachmentDefinition is missing, without which pods with a sidecar do not start. "
          "The operator makes a missing "
          "copy again when something makes it look; it never updates one that is there. Copies "
          "with the maistra-version of an older release and the same spec are normal.",
      .source = "mission M1, M5; operator.md 2, 3.3; recorded 10, 74",
      .fix = "Delete the copy, and write to the Namespace (with operators before 2.4 to the "
             "ServiceMeshMember): the operator makes it again. meshproof drift shows the "
             "difference.",
      .needs = kCopies},
     departing_copies},
    {{.code = "MP0108",
      .name = "orphaned-object",
      .group = RuleGroup::Membership,
      .severity = Severity::Warning,
      .meaning =
          "An object carries the mark of a mesh that does not claim it, or of a control plane that "
          "is gone, and no operator will delete it. Policies go on closing pods, bindings go on "
          "giving rights.",
      .source = "mission M1; operator.md 3.1, 8.2, 8.5; recorded 41, 51; incident 11 (OSSM-2188)",
      .fix = "Delete it. For a ServiceMeshMember: delete it, or make the control plane that it "
             "refers to.",
      .needs = kMeshKinds},
     orphans},
    {{.code = "MP0117",
      .name = "member-network-not-joined",
      .group = RuleGroup::Membership,
      .severity = Severity::Error,
      .meaning =
          "In mode Multitenant a member has no NetNamespace, or not the NetID of its control "
          "plane. "
          "Neither its label nor its status shows that: the operator takes a request that the SDN "
          "master has not answered yet for done.",
      .source = "mission M7; operator.md 3.2; recorded 50, 51, 55; incident 3 (MAISTRA-2378)",
      .fix = "oc adm pod-network join-projects --to=MESH NS, and see that the SDN master runs.",
      .needs = kNetNamespaces},
     unjoined_networks},
    {{.code = "MP0120",
      .name = "departing-chart-object",
      .group = RuleGroup::Membership,
      .severity = Severity::Error,
      .meaning =
          "A policy or binding of a control plane is missing, or is not as its charts make it. The "
          "operator does not watch them, and a control plane that is Reconciled is not applied "
          "again. What members copy is copied from here.",
      .source = "mission M1, M5; operator.md 3.3, 3.4, 6.1",
      .fix = "Delete it if it differs, then edit the control plane's spec: any edit makes the "
             "operator apply its charts again.",
      .needs = kCopies},
     departing_chart_objects},
    {{.code = "MP0121",
      .name = "member-lists-differ",
      .group = RuleGroup::Membership,
      .severity = Severity::Warning,
      .meaning =
          "A roll, its status, the ServiceMeshMembers and Kiali's list of projects do not say the "
          "same. Istiod watches what the status of the roll lists as configured: a member that is "
          "not there has vanished from the mesh's services, whatever its labels and policies say.",
      .source = "mission M2, M13; operator.md 1.5, 1.6; incidents 4 (OSSM-2053), 11 (MAISTRA-2686)",
      .fix = "See what the conditions of the roll and its ServiceMeshMembers say, and that the "
             "operator runs; it writes these lists whenever it looks.",
      .needs = kMembers},
     departing_lists},
});

}  // namespace

std::span<const RuleRow> member_object_rules() { return kRows; }

}  // namespace meshproof
