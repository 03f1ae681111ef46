#pragma once

#include <string>

#include "model/coverage.h"
#include "model/drift.h"
#include "model/network.h"
#include "model/report.h"
#include "model/source.h"

namespace meshproof {

/// The answer to `drift`, with what it rests on.
struct DriftReport {
  Network network;
  Coverage coverage;
  Drift drift;
};

/// The contract of `drift -o json`.
[[nodiscard]] std::string drift_json(const DriftReport& report,
                                     const std::vector<Judgement>& judgements,
                                     const Sources& sources);

/// For a person: the self-check, then what departs by project, with its fields, what mends it, and
/// a count. Objects that are only older than their source are one line, unless `full`.
[[nodiscard]] std::string drift_table(const DriftReport& report, const Sources& sources,
                                      std::size_t width, bool full);

/// `self-check: 21/21 members as predicted`, or with the projects that depart; empty if there is no
/// member to check.
[[nodiscard]] std::string self_check_words(const SelfCheck& check);

}  // namespace meshproof
