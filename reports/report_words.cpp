#include "reports/report_words.h"

#include <array>

#include <fmt/format.h>

#include "reports/text.h"

namespace meshproof {
namespace {

bool is_noted(const Judgement& judgement) {
  return judgement.standing == Standing::Failed && judgement.severity == Severity::Note;
}

}  // namespace

std::string_view standing_word(Standing standing) {
  constexpr std::array<std::string_view, 5> kWords{"HOLDS", "FAIL", "UNKNOWN", "WAIVED", "KNOWN"};
  return kWords.at(static_cast<std::size_t>(standing));
}

std::string_view standing_word(const Judgement& judgement) {
  return is_noted(judgement) ? "NOTE" : standing_word(judgement.standing);
}

StatementCounts count_statements(const Report& report) {
  StatementCounts counts;
  for (const Judgement& each : report.judgements) {
    if (each.kind != JudgementKind::Statement) continue;
    ++counts.all;
    switch (each.standing) {
      case Standing::Passed:
        ++counts.hold;
        break;
      case Standing::Failed:
        is_noted(each) ? ++counts.noted : ++counts.violated;
        break;
      case Standing::Undecided:
        ++counts.unknown;
        break;
      case Standing::Waived:
        ++counts.waived;
        break;
      case Standing::Known:
        ++counts.known;
        break;
    }
  }
  return counts;
}

std::string statement_counts(const Report& report) {
  const StatementCounts counts = count_statements(report);
  if (counts.all == 0) return "nothing was asked";
  std::string words = fmt::format("{} of {} {}", counts.hold, counted(counts.all, "statement"),
                                  counts.all == 1 ? "holds" : "hold");
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count > 0) words += fmt::format(" · {} {}", count, what);
  };
  add(counts.violated, "violated");
  add(counts.noted, "noted");
  add(counts.unknown, "unknown");
  add(counts.waived, "waived");
  add(counts.known, "in the baseline");
  return words;
}

}  // namespace meshproof
