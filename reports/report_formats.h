#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/report.h"

namespace meshproof {

/// Writes reports, one for each cluster, as one document.
using WriteReports = std::string (*)(std::span<const Report> reports);

/// A format that every command has which makes a report.
struct ReportFormat {
  std::string_view name;  ///< as `-o` has it
  WriteReports write;
};

[[nodiscard]] std::span<const ReportFormat> report_formats();
/// Null if there is no such format.
[[nodiscard]] const ReportFormat* find_report_format(std::string_view name);

/// SARIF 2.1.0 (OASIS): a run for each cluster, a result for whatever did not pass. Within the
/// limits of GitHub's code scanning: at most 25,000 results, the gravest first, and what is left
/// out is told.
[[nodiscard]] std::string sarif(std::span<const Report> reports);
/// JUnit XML: a suite for each phase of each cluster. What lets the run fail is a failure, what is
/// undecided an error, what an exception or the baseline covers skipped.
[[nodiscard]] std::string junit(std::span<const Report> reports);
/// GitLab Code Quality: what failed or is undecided.
[[nodiscard]] std::string code_quality(std::span<const Report> reports);
/// Workflow commands of GitHub Actions: the same, a line each, the gravest first.
[[nodiscard]] std::string github_annotations(std::span<const Report> reports);
/// Every judgement, a line each.
[[nodiscard]] std::string judgements_csv(std::span<const Report> reports);
/// A comment for a pull request: at most 65,536 bytes; what does not fit is told.
[[nodiscard]] std::string comment_markdown(std::span<const Report> reports);

}  // namespace meshproof
