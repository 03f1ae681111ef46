#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/mesh/conditions.h"
#include "model/object.h"
#include "model/tree.h"

namespace meshproof {

/// What the roll's controller knows of one namespace: the conditions of its entry in
/// memberStatuses.
using MemberConditions = std::map<std::string, Tree>;

/// The entries of status.memberStatuses.
[[nodiscard]] MemberConditions read_member_conditions(const Object& roll);

/// Sets the condition `Reconciled` of one entry.
void set_member_condition(MemberConditions& conditions, const std::string& ns,
                          const Condition& condition);

/// Sets a roll's status.annotations entry.
void set_status_annotation(Tree& status, std::string_view key, const std::string& value);

/// Sets the condition Ready, observedGeneration and the annotation configuredMemberCount
/// (`configured/all`).
void finish_roll_status(Tree& status, const Object& roll, const Condition& ready,
                        std::size_t configured, std::size_t all);

[[nodiscard]] Tree as_sequence(const std::set<std::string>& names);

/// `[a b]`, as Go prints a list.
[[nodiscard]] std::string as_go_list(const std::set<std::string>& names);

/// `a,b`
[[nodiscard]] std::string joined(const std::set<std::string>& names);

}  // namespace meshproof
