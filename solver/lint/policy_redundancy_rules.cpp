#include <fmt/format.h>

#include "solver/lint/policy_findings.h"
#include "solver/redundancy.h"

namespace meshproof {
namespace {

std::vector<LintFinding> redundant_policies(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const RedundantPart& part : state.redundancy().parts) {
    if (part.rule) continue;
    findings.push_back(finding_about_policy(
        state, state.cluster().at(part.policy),
        "the other policies of the project say all that it says: without it the same flows are "
        "open, for every pod that could exist"));
  }
  return findings;
}

std::vector<LintFinding> shadowed_rules(const LintedState& state) {
  std::vector<LintFinding> findings;
  for (const RedundantPart& part : state.redundancy().parts) {
    if (!part.rule) continue;
    const NetworkPolicy& policy = state.cluster().at(part.policy);
    findings.push_back(finding_about_policy(
        state, policy,
        fmt::format("its {} rule {} admits nothing that other rules do not admit to the same pods",
                    to_string(part.direction), *part.rule + 1),
        policy.rules(part.direction)[*part.rule].place));
  }
  return findings;
}

constexpr auto kRows = std::to_array<RuleRow>({
    {{.code = "MP0414",
      .name = "policy-redundant",
      .group = RuleGroup::Policies,
      .severity = Severity::Note,
      .meaning =
          "Without the policy the same flows are open, whatever pods there may ever be: other "
          "policies of the project isolate the same pods and admit the same. It is proved, not "
          "tried out. A policy that changes nothing is read as if it did.",
      .source = "verification.md 2.3 (Q redundant), 3.4",
      .fix = "Delete it, or find out what it was meant to say. All policies and rules that one run "
             "names can be deleted together.",
      .is_default = false},
     redundant_policies},
    {{.code = "MP0415",
      .name = "rule-shadowed",
      .group = RuleGroup::Policies,
      .severity = Severity::Note,
      .meaning =
          "What the rule admits, other rules of this policy or of others admit to the same pods on "
          "the same ports, whatever pods there may ever be: a wider rule lies over it. It is "
          "proved, not tried out. Rules about egress to addresses are not judged.",
      .source = "verification.md 2.3 (Q redundant); networkpolicy.md (policies only ever add)",
      .fix = "Delete the rule, or narrow the wider one if this was meant to be all that is open.",
      .is_default = false},
     shadowed_rules},
});

}  // namespace

std::span<const RuleRow> policy_redundancy_rules() { return kRows; }

}  // namespace meshproof
