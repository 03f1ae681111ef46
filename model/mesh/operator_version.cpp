#include "model/mesh/operator_version.h"

#include <algorithm>
#include <array>

namespace meshproof {
namespace {

using Version = OperatorVersion;

constexpr std::array kReleases = std::to_array<Version>({
    {"1.0", 100, "1.0.11", "v1.0", "v1.0"},
    {"1.1", 101, "1.1.18", "v1.1", "v1.0"},
    {"2.0", 200, "2.0.11", "v2.0", "v1.0", true},
    {"2.1", 201, "2.1.6", "v2.1", "v1.0", true},
    {"2.2", 202, "2.2.13", "v2.2", "v1.1", true},
    {"2.3", 203, "2.3.11", "v2.3", "v2.0", true},
    {"2.4", 204, "2.4.7", "v2.4", "v2.1", true},
    {"2.5", 205, "2.5.1", "v2.5", "v2.2", true},
});

/// What the operators from one version to another do.
struct Fact {
  bool Version::*what;
  int first;
  int last;
};

constexpr int kFirst = 100;
constexpr int kLast = 999;

// The sections are those of operator.md; 0 is its master table.
constexpr std::array kFacts = std::to_array<Fact>({
    {&Version::member_kind, 101, kLast},                   // 0
    {&Version::roll_configures_members, kFirst, 200},      // 0
    {&Version::plane_owns_roll, kFirst, 101},              // 0
    {&Version::roll_needs_plane, kFirst, 101},             // 7.1
    {&Version::roll_before_plane, kFirst, 100},            // 8.3
    {&Version::roll_leaves_by_list, kFirst, 100},          // 8.4
    {&Version::reports_conditions, 101, kLast},            // 1.5
    {&Version::reports_pending, 200, kLast},               // 1.4
    {&Version::failure_hides_status, kFirst, 101},         // 3.5
    {&Version::retries_failures, 101, 200},                // 3.5
    {&Version::waits_for_control_plane, kFirst, 201},      // 0
    {&Version::knows_few_networks, kFirst, 101},           // 0, 3.1
    {&Version::always_asks_sdn, kFirst, 101},              // 0, 3.2
    {&Version::works_on_terminating, kFirst, 101},         // 0
    {&Version::labels_attachments, 101, kLast},            // 4
    {&Version::writes_attachment_spec, 201, kLast},        // 4
    {&Version::finds_bindings_by_owner, 101, 200},         // 2
    {&Version::checks_gateway_projects, 101, kLast},       // 7.3
    {&Version::manages_policies, 201, kLast},              // 0, 3.5
    {&Version::stamps_owner_name, 201, kLast},             // 1.1, 6.1
    {&Version::strips_prune_labels, 201, kLast},           // 0
    {&Version::recreates_routes, 203, kLast},              // common/helm/patch.go
    {&Version::copies_bindings_of_roles, kFirst, 202},     // 0
    {&Version::tolerates_missing_kinds, 202, kLast},       // 0
    {&Version::counts_stale_members, 202, kLast},          // 1.5
    {&Version::roll_deletes_any_member, 201, 202},         // 8.4
    {&Version::keeps_roll_for_members, 203, kLast},        // 1.4
    {&Version::checks_member_names, 200, kLast},           // 7.1
    {&Version::completes_writes, 101, kLast},              // 7.1
    {&Version::wildcard, 203, kLast},                      // 0
    {&Version::leaves_without_control_plane, 203, kLast},  // 0
    {&Version::excludes_in_kiali, 203, kLast},             // 1.6
    {&Version::member_selectors, 204, kLast},              // 0
    {&Version::watches_member_projects, 204, kLast},       // 0
    {&Version::lists_scraped_members, 204, kLast},         // 1.6
    {&Version::always_ignores_own_project, kFirst, 203},   // 1.2
    {&Version::keeps_own_labels, kFirst, 101},             // 8.5
});

constexpr auto kVersions = [] {
  auto versions = kReleases;
  for (Version& version : versions) {
    for (const Fact& fact : kFacts) {
      version.*fact.what = fact.first <= version.number && version.number <= fact.last;
    }
  }
  return versions;
}();

/// `2.5` of `v2.5.1`.
std::string_view minor_of(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  const auto major_end = text.find('.');
  if (major_end == std::string_view::npos) return text;
  return text.substr(0, text.find('.', major_end + 1));
}

}  // namespace

std::span<const OperatorVersion> operator_versions() { return kVersions; }

const OperatorVersion* find_operator_version(std::string_view text) {
  const auto row = std::ranges::find(kVersions, minor_of(text), &OperatorVersion::name);
  return row == kVersions.end() ? nullptr : &*row;
}

const OperatorVersion* nearest_operator_version(std::string_view text) {
  constexpr std::string_view kExtrapolated = "2.6";
  return minor_of(text) == kExtrapolated ? &kVersions.back() : find_operator_version(text);
}

std::string known_operator_versions() {
  std::string names;
  for (const OperatorVersion& version : kVersions) {
    if (!names.empty()) names += &version == &kVersions.back() ? " and " : ", ";
    names += version.name;
  }
  return names;
}

}  // namespace meshproof
