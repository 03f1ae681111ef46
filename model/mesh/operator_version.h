#pragma once

#include <span>
#include <string>
#include <string_view>

namespace meshproof {

/// What one version of the mesh operator does differently from the others (operator.md 0, as
/// corrected by operator-recorded.md). Which version does what is a table of operator_version.cpp,
/// a row for each of these facts.
struct OperatorVersion {
  std::string_view name;     ///< `2.5`
  int number = 0;            ///< 205: versions are compared by it
  std::string_view release;  ///< `2.5.1`: the first part of every mesh generation it stamps
  std::string_view newest_control_plane;  ///< the spec.version of a control plane that names none
  std::string_view oldest_control_plane;  ///< the oldest spec.version that admission lets through
  /// When it ran; otherwise what is known of it is read off its sources, which is said.
  bool recorded = false;

  /// There are ServiceMeshMembers.
  bool member_kind = false;
  /// The roll controller configures the projects itself; a ServiceMeshMember only edits the roll.
  bool roll_configures_members = false;
  /// A roll is owned by its control plane, goes with it, and waits for it without a word.
  bool plane_owns_roll = false;
  /// A roll is refused where there is no control plane.
  bool roll_needs_plane = false;
  /// A roll's edit counts before its control plane's, and of new projects only they are joined.
  bool roll_before_plane = false;
  /// A deleted roll lets go of the projects that it lists, not of those that carry its label.
  bool roll_leaves_by_list = false;
  /// The roll's status has conditions, and counts.
  bool reports_conditions = false;
  /// The roll's status lists who is pending, and says which project failed.
  bool reports_pending = false;
  /// One project that fails keeps the whole roll's status from being written.
  bool failure_hides_status = false;
  /// What failed is tried again with backoff.
  bool retries_failures = false;
  /// Members wait until the control plane is Reconciled.
  bool waits_for_control_plane = false;
  /// Another network than Calico and OpenShift SDN is an error, one without a name or plugin none.
  bool knows_few_networks = false;
  /// A NetNamespace is annotated whether it is joined already or not.
  bool always_asks_sdn = false;
  /// A terminating project is worked on like any other.
  bool works_on_terminating = false;
  /// NetworkAttachmentDefinitions carry the mesh's label; without it they go by their name.
  bool labels_attachments = false;
  /// They are written with the type's empty spec.
  bool writes_attachment_spec = false;
  /// A leaving project's RoleBindings are found by the owner label, not by member-of.
  bool finds_bindings_by_owner = false;
  /// Gateways outside of the mesh keep a control plane from being installed.
  bool checks_gateway_projects = false;
  /// spec.security.manageNetworkPolicy counts.
  bool manages_policies = false;
  /// The label `maistra.io/owner-name` on what the charts make.
  bool stamps_owner_name = false;
  /// Copies lose the labels by which the pruner finds what to delete, which looks everywhere.
  bool strips_prune_labels = false;
  /// A Route whose chart names no host is not patched but deleted and made again.
  bool recreates_routes = false;
  /// RoleBindings that refer to a Role are copied too.
  bool copies_bindings_of_roles = false;
  /// A missing kind Network or NetworkAttachmentDefinition is no error.
  bool tolerates_missing_kinds = false;
  /// A member that has not seen the newest control plane counts as configured all the same.
  bool counts_stale_members = false;
  /// Deleting a roll deletes the ServiceMeshMember of every listed project, whoever made it.
  bool roll_deletes_any_member = false;
  /// A roll made for a ServiceMeshMember stays as long as another one refers to its mesh.
  bool keeps_roll_for_members = false;
  /// Admission looks at the names of spec.members, and for those that stand there twice.
  bool checks_member_names = false;
  /// Webhooks complete what is written: versions, profiles, rolls that list their own project.
  bool completes_writes = false;
  /// `*` in spec.members.
  bool wildcard = false;
  /// ServiceMeshMembers made by the roll go when there is no control plane.
  bool leaves_without_control_plane = false;
  /// Kiali gets spec.api.namespaces.exclude, and wrong names are reported in the status.
  bool excludes_in_kiali = false;
  /// spec.memberSelectors, and the rules that came with them.
  bool member_selectors = false;
  /// A write to a member's Namespace makes the operator look at the member again.
  bool watches_member_projects = false;
  /// The roll's status lists the projects that Prometheus scrapes.
  bool lists_scraped_members = false;
  /// The control plane's own project is always excluded from injection, whatever its version.
  bool always_ignores_own_project = false;
  /// The labels of the control plane's own project stay when it is deleted.
  bool keeps_own_labels = false;
};

/// Oldest first.
[[nodiscard]] std::span<const OperatorVersion> operator_versions();

/// The row of `2.5`, `2.5.1` or `v2.5`; null if there is none.
[[nodiscard]] const OperatorVersion* find_operator_version(std::string_view text);

/// The same, and for 2.6, which is taken to behave like it, the newest row.
[[nodiscard]] const OperatorVersion* nearest_operator_version(std::string_view text);

/// `2.0, 2.1, …, 2.4 and 2.5`: for texts.
[[nodiscard]] std::string known_operator_versions();

}  // namespace meshproof
