#pragma once

#include <span>
#include <vector>

#include "model/rule.h"
#include "solver/lint/linted_state.h"

/// How the families of rules give their rows to the catalogue. Only files of solver/lint include
/// this.
namespace meshproof {

/// A rule and how it finds something. Findings come in any order, without their rule.
struct RuleRow {
  Rule rule;
  std::vector<LintFinding> (*find)(const LintedState& state);
};

/// A finding about an object, at its place.
[[nodiscard]] LintFinding finding_about(const Object& object, std::string message);
/// The same at a place inside of it; unknown: the object's.
[[nodiscard]] LintFinding finding_about(const Object& object, std::string message, Place place);
/// A finding about a project, at its Namespace if the input has it.
[[nodiscard]] LintFinding finding_about_project(const LintedState& state, const std::string& ns,
                                                std::string message);

/// The families, a file or several each; within one the rows stand in the order of their codes.
[[nodiscard]] std::span<const RuleRow> membership_rules();
[[nodiscard]] std::span<const RuleRow> injection_wish_rules();
[[nodiscard]] std::span<const RuleRow> injected_pod_rules();
[[nodiscard]] std::span<const RuleRow> policy_dialect_rules();
[[nodiscard]] std::span<const RuleRow> policy_field_rules();
[[nodiscard]] std::span<const RuleRow> policy_selector_rules();
[[nodiscard]] std::span<const RuleRow> policy_mesh_rules();
[[nodiscard]] std::span<const RuleRow> policy_moot_rules();
[[nodiscard]] std::span<const RuleRow> policy_redundancy_rules();
[[nodiscard]] std::span<const RuleRow> egress_firewall_rules();
[[nodiscard]] std::span<const RuleRow> caller_use_rules();
[[nodiscard]] std::span<const RuleRow> expose_route_rules();
[[nodiscard]] std::span<const RuleRow> gateway_rules();
[[nodiscard]] std::span<const RuleRow> host_claim_rules();
[[nodiscard]] std::span<const RuleRow> roll_rules();
[[nodiscard]] std::span<const RuleRow> member_label_rules();
[[nodiscard]] std::span<const RuleRow> member_object_rules();
[[nodiscard]] std::span<const RuleRow> clash_rules();
[[nodiscard]] std::span<const RuleRow> version_label_rules();
[[nodiscard]] std::span<const RuleRow> rights_rules();
[[nodiscard]] std::span<const RuleRow> unsupported_rules();
[[nodiscard]] std::span<const RuleRow> multi_cluster_rules();
[[nodiscard]] std::span<const RuleRow> upstream_rules();
[[nodiscard]] std::span<const RuleRow> delivery_rules();
[[nodiscard]] std::span<const RuleRow> relic_rules();

}  // namespace meshproof
