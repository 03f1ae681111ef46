#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/coverage.h"
#include "model/network.h"
#include "model/report.h"
#include "model/rule.h"
#include "model/source.h"
#include "reports/json.h"

namespace meshproof {

/// What `lint` found, and of which state.
struct LintResult {
  Network network;
  Coverage coverage;
  LintReport report;
  std::vector<std::string> assumptions;
};

/// The contract of `lint -o json`.
[[nodiscard]] std::string lint_json(const LintResult& result,
                                    const std::vector<Judgement>& judgements,
                                    const Sources& sources);

/// For a person: by rule, each finding with its place, and how to fix what the rule finds. Many
/// findings of one rule are folded unless `full`.
[[nodiscard]] std::string lint_table(const LintResult& result, const Sources& sources,
                                     std::size_t width, bool full);

/// The findings alone, by rule, without a heading; empty if there are none.
[[nodiscard]] std::string finding_lines(const std::vector<LintFinding>& findings,
                                        const Sources& sources, std::size_t width, bool full);

/// `{"code", "name", "group", "severity", "message", "subject", "namespace", "where", "witness"}`
[[nodiscard]] Json to_json(const LintFinding& finding, const Sources& sources);
[[nodiscard]] Json to_json(const std::vector<LintFinding>& findings, const Sources& sources);

/// `error, 1 warning`: how many findings of each severity; `nothing found` if there are none.
[[nodiscard]] std::string severity_counts(const std::vector<LintFinding>& findings);

}  // namespace meshproof
