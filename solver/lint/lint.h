#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/prediction.h"
#include "model/rule.h"
#include "model/snapshot.h"

namespace meshproof {

/// The rule catalogue, by code.
[[nodiscard]] std::span<const Rule* const> rule_catalogue();

/// The rule of a code or name; null if there is none.
[[nodiscard]] const Rule* find_rule(std::string_view code_or_name);

/// A manifest of which the rule finds something, or nothing, as it stands in
/// scenarios/library/rules. Empty for a code that is not in the catalogue.
[[nodiscard]] std::string_view firing_example(std::string_view code);
[[nodiscard]] std::string_view quiet_example(std::string_view code);

/// Which rules are asked: those that are on by default, unless these say otherwise.
struct LintOptions {
  PredictOptions predict;
  /// Codes, names or groups. If there are any, only these rules are asked, and those of them that
  /// are off by default too.
  std::set<std::string, std::less<>> only;
  std::set<std::string, std::less<>> without;
  bool all = false;  ///< those that are off by default too
};

/// Judges one state as given by the rules of the catalogue: no assertions are needed. A control
/// plane that is only declared has written nothing yet, so that rules about what it writes are
/// silent; plan predicts that, and asks the rules about the state after. A rule that concludes from
/// absence is unjudged where the input may lack what it needs; what it finds all the same counts.
/// O(objects log) and, for rules about flows, a constant number of evaluations for each Route,
/// monitor, webhook.
[[nodiscard]] LintReport lint(const Snapshot& snapshot, const LintOptions& options);

/// What the state after has and the state before has not: the findings that a change brings.
[[nodiscard]] std::vector<LintFinding> new_findings(const LintReport& before,
                                                    const LintReport& after);

}  // namespace meshproof
