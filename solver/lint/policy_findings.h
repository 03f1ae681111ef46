#pragma once

#include <string>

#include "solver/lint/rule_row.h"

/// What the rules about NetworkPolicies share. Only files of solver/lint include this.
namespace meshproof {

/// A finding about a policy, at a place inside of it; unknown: the policy's.
[[nodiscard]] LintFinding finding_about_policy(const LintedState& state,
                                               const NetworkPolicy& policy, std::string message,
                                               Place place = {});

/// Whether a policy carries a mark of the mesh operator: `maistra.io/owner` or
/// `maistra.io/member-of`. It is not the user's to correct.
[[nodiscard]] bool is_of_mesh(const LintedState& state, const NetworkPolicy& policy);

/// Whether it is what the operator copied into a member: `maistra.io/member-of`.
[[nodiscard]] bool is_copy(const LintedState& state, const NetworkPolicy& policy);

/// `a`, `a and b`, `a, b, c and 4 more`.
[[nodiscard]] std::string list_some(const std::vector<std::string>& names);

}  // namespace meshproof
