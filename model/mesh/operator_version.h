#pragma once

#include <span>
#include <string>
#include <string_view>

namespace meshproof {

/// What one version of the mesh operator does differently from the others (operator.md 0, as
/// corrected by operator-recorded.md). One row per version.
struct OperatorVersion {
  std::string_view name;     ///< `2.5`
  std::string_view release;  ///< `2.5.1`: the first part of every mesh generation it stamps
  std::string_view newest_control_plane;  ///< the spec.version of a control plane that names none
  std::string_view oldest_control_plane;  ///< the oldest spec.version that admission lets through
  bool recorded;  ///< when it ran; otherwise what is known of it is read off its sources
  /// The roll controller configures the projects itself; a ServiceMeshMember only edits the roll.
  bool roll_configures_members;
  /// Members wait until the control plane is Reconciled.
  bool waits_for_control_plane;
  /// Copies lose the labels by which the pruner finds what to delete.
  bool strips_prune_labels;
  /// RoleBindings that refer to a Role are copied too.
  bool copies_bindings_of_roles;
  /// A missing kind Network or NetworkAttachmentDefinition is no error.
  bool tolerates_missing_kinds;
  /// A member that has not seen the newest control plane counts as configured all the same.
  bool counts_stale_members;
  /// Deleting a roll deletes the ServiceMeshMember of every listed project, whoever made it.
  bool roll_deletes_any_member;
  /// A roll made for a ServiceMeshMember stays as long as another one refers to its mesh.
  bool keeps_roll_for_members;
  /// `*` in spec.members.
  bool wildcard;
  /// ServiceMeshMembers made by the roll go when there is no control plane.
  bool leaves_without_control_plane;
  /// Kiali gets spec.api.namespaces.exclude, and wrong names are reported in the status.
  bool excludes_in_kiali;
  /// spec.memberSelectors, and the rules that came with them.
  bool member_selectors;
  /// A write to a member's Namespace makes the operator look at the member again.
  bool watches_member_projects;
  /// The roll's status lists the projects that Prometheus scrapes.
  bool lists_scraped_members;
  /// The control plane's own project is always excluded from injection, whatever its version.
  bool always_ignores_own_project;
};

/// Oldest first.
[[nodiscard]] std::span<const OperatorVersion> operator_versions();

/// The row of `2.5`, `2.5.1` or `v2.5`; null if there is none.
[[nodiscard]] const OperatorVersion* find_operator_version(std::string_view text);

/// `2.0, 2.1, … and 2.5`, for messages.
[[nodiscard]] std::string known_operator_versions();

}  // namespace meshproof
