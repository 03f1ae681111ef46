#include "reports/report_formats.h"

#include <algorithm>
#include <array>

namespace meshproof {
namespace {

constexpr std::array kFormats = std::to_array<ReportFormat>({
    {"csv", judgements_csv},
    {"markdown", comment_markdown},
    {"sarif", sarif},
    {"junit", junit},
    {"codequality", code_quality},
    {"github", github_annotations},
});

}  // namespace

std::span<const ReportFormat> report_formats() { return kFormats; }

const ReportFormat* find_report_format(std::string_view name) {
  const auto* const format = std::ranges::find(kFormats, name, &ReportFormat::name);
  return format == kFormats.end() ? nullptr : format;
}

}  // namespace meshproof
