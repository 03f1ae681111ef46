#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/session.h"
#include "cli/write_file.h"
#include "model/coverage.h"
#include "model/network.h"
#include "model/plan.h"
#include "model/report.h"
#include "reports/judgements.h"
#include "reports/verdict_report.h"

namespace meshproof {

/// What reports call the cluster: the name of --cluster, else that of the input; may be empty.
[[nodiscard]] std::string cluster_name(const Session& session, const Coverage& coverage);

/// A report without judgements.
[[nodiscard]] Report begin_report(const Session& session, std::string command,
                                  const Network& network, const Coverage& coverage,
                                  std::vector<std::string> assumptions);

/// Finds the lines of this run.
[[nodiscard]] Locate locator_of(const Session& session);

/// Where what knows no line of its own points to: the first input; unknown for a live cluster.
[[nodiscard]] SourceLine first_input(const Session& session);

/// Gives each judgement its fingerprint.
void add_fingerprints(Report& report);

/// Verdicts about one state.
[[nodiscard]] Report report_of(const Session& session, const Verification& verification);

/// Everything that a plan found, and what it does.
[[nodiscard]] Report report_of(const Session& session, const Plan& plan);

/// A judgement that counts: 1; one that is undecided, but for moments that nobody asked about: 3;
/// else 0.
[[nodiscard]] ExitCode exit_code_of(const Report& report);

/// The same of verdicts alone.
[[nodiscard]] ExitCode exit_code_of(const std::vector<Verdict>& verdicts,
                                    std::optional<Severity> fail_on);

/// Writes the files of --also. False after saying what could not be written.
[[nodiscard]] bool write_also(Session& session, std::span<const Report> reports);

/// How a command alone shows its result; with the report for what of it every format has.
using OwnWriting = std::function<void(const Report& report, const WritePiece& write)>;

/// Writes the files of --also, and shows the result: by `own`, or in the format that every report
/// has. Of several clusters the latter waits for the others. `is_shown`: to standard output,
/// whatever --out says.
[[nodiscard]] ExitCode finish_report(Session& session, Report report, const OwnWriting& own,
                                     ExitCode code, bool is_shown = false);

}  // namespace meshproof
