#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/session.h"
#include "model/baseline.h"
#include "model/drift.h"
#include "model/rule.h"
#include "model/verdict.h"

namespace meshproof {

/// What --baseline names; an empty one without it. Nothing after an error in the session.
[[nodiscard]] std::optional<Baseline> open_baseline(Session& session);

/// Judgement::fingerprint of an identity (reports/judgements.h).
[[nodiscard]] std::string fingerprint_of(const std::string& identity);

/// Says of each that the baseline has, for the cluster of this name, that it is known. Verdicts
/// only of violations: that a statement is undecided or about nothing is never known.
void mark_known(const Baseline& baseline, const std::string& cluster,
                std::vector<Verdict>& verdicts);
void mark_known(const Baseline& baseline, const std::string& cluster,
                std::vector<LintFinding>& findings);
void mark_known(const Baseline& baseline, const std::string& cluster,
                std::vector<Departure>& departures);

}  // namespace meshproof
